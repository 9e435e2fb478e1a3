import Crypto
import Domain
import Foundation

/// The files of a workspace as they are stored, sent and compared: paths below its folder, with their texts, sorted by path.
struct WorkspaceSnapshot: Sendable, Equatable {
    let files: [WorkspaceFile]

    /// As many, and as large together, as one load may have.
    static let mostFiles = 6000
    static let mostBytes = 64 << 20

    init(_ files: [WorkspaceFile]) {
        self.files = files.sorted { $0.path < $1.path }
    }

    /// SHA-256 over paths and texts, hexadecimal.
    var digest: String {
        var hash = SHA256()
        for file in files {
            hash.update(part: file.path)
            hash.update(part: file.text)
        }
        return hash.finalize().hexadecimal
    }

    // MARK: Folders

    /// The scripts below `policies/` and `plugins/` in a folder.
    ///
    /// What cannot be read as text is left out: loading the folder says what is wrong with it.
    init(folder: URL) {
        self.init(
            Self.paths(in: folder)
                .compactMap { path in
                    guard let data = try? Data(contentsOf: folder.appending(path: path)), data.count <= 1 << 20,
                        let text = String(validating: data, as: UTF8.self)
                    else { return nil }
                    return WorkspaceFile(path: path, text: text)
                }
        )
    }

    /// Where the scripts of a folder are, below it, sorted.
    static func paths(in folder: URL) -> [String] {
        var paths: [String] = []
        for top in ["plugins", "policies"] {
            let below = try? FileManager.default.subpathsOfDirectory(atPath: folder.appending(path: top).path)
            paths += (below ?? []).filter(isScript).sorted().map { "\(top)/\($0)" }
        }
        return Array(paths.prefix(mostFiles))
    }

    /// Hidden files and texts for people are no part of what runs.
    private static func isScript(_ path: String) -> Bool {
        path.hasSuffix(".lua") && !path.split(separator: "/").contains { $0.hasPrefix(".") }
    }

    /// Writes the files below a folder, which must be empty.
    func write(to folder: URL) throws {
        for file in files {
            let url = folder.appending(path: file.path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: url)
        }
        try FileManager.default.createDirectory(
            at: folder.appending(path: "policies"),
            withIntermediateDirectories: true
        )
    }

    // MARK: What is sent

    /// What is wrong with files that someone sends: paths that lead elsewhere, twins, too many or too large.
    static func problems(of files: [WorkspaceFile]) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        var seen: Set<String> = []
        if files.count > mostFiles {
            problems.append(
                Diagnostic(file: "policies", line: nil, message: "\(files.count) files; expected at most \(mostFiles)")
            )
        }
        if files.reduce(0, { $0 + $1.text.utf8.count }) > mostBytes {
            problems.append(
                Diagnostic(
                    file: "policies",
                    line: nil,
                    message: "the files are larger than \(mostBytes >> 20) MiB together"
                )
            )
        }
        for file in files.prefix(mostFiles) {
            func report(_ message: String) { problems.append(Diagnostic(file: file.path, line: nil, message: message)) }
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            let isPlain = parts.allSatisfy { part in
                !part.isEmpty && !part.hasPrefix(".")
                    && part.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\\") }
            }
            if file.path.utf8.count > 400 || !isPlain {
                report("this is no path inside of a workspace; expected one such as policies/scaling/NAME.lua")
            } else if parts.count < 2 || (parts[0] != "policies" && parts[0] != "plugins") {
                report("expected a file below policies/ or plugins/")
            } else if !seen.insert(file.path).inserted {
                report("the file is there twice; expected each path once")
            }
        }
        return problems
    }

    // MARK: Storing

    func encoded() throws -> Data { try JSONEncoder().encode(files) }

    init(stored data: Data) throws {
        self.init(try JSONDecoder().decode([WorkspaceFile].self, from: data))
    }
}
