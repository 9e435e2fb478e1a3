import Foundation

/// The scripts below `policies/` and `plugins/` of a folder, as they are sent to a server.
struct WorkspaceUpload: Encodable {
    struct File: Encodable {
        let path: String
        let text: String
    }

    let files: [File]
    let reason: String?

    /// - Throws: what cannot be sent, all of it at once.
    init(folder: String, reason: String?) throws {
        var files: [File] = []
        var errors: [String] = []
        let root = URL(fileURLWithPath: folder, isDirectory: true)
        var hasPolicies = false
        for top in ["policies", "plugins"] {
            let below = root.appendingPathComponent(top, isDirectory: true)
            guard let paths = try? FileManager.default.subpathsOfDirectory(atPath: below.path) else { continue }
            if top == "policies" { hasPolicies = true }
            for path in paths.sorted() where Self.isScript(path) {
                let name = "\(top)/\(path)"
                guard let data = FileManager.default.contents(atPath: below.appendingPathComponent(path).path) else {
                    errors.append("\(name): error: the file cannot be read")
                    continue
                }
                guard let text = String(validating: data, as: UTF8.self) else {
                    errors.append("\(name): error: the file is not UTF-8")
                    continue
                }
                files.append(File(path: name, text: text))
            }
        }
        if !hasPolicies {
            errors.append(
                "\(folder): error: there is no folder policies/ in it. Name a workspace: troupe policy load DIR"
            )
        }
        guard errors.isEmpty else { throw Failure(errors) }
        self.files = files
        self.reason = reason
    }

    /// Hidden files and texts for people are no part of what runs.
    private static func isScript(_ path: String) -> Bool {
        path.hasSuffix(".lua") && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }
}
