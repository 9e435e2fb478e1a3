package import Foundation

/// Where secrets come from: they are the operator's, never the workspace's.
package struct SecretSource: Sendable {
    /// One file for each, named like the secret.
    package var folder: URL?
    /// `TROUPE_SECRET_KUBERNETES_TOKEN` for `kubernetes-token`.
    package var environment: [String: String]

    package init(folder: URL?, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.folder = folder
        self.environment = environment
    }

    static let mostBytes = 64 << 10

    /// The secret, without the blanks and line ends around it that editors and shells leave.
    func read(_ name: String) throws(HostError) -> String {
        let variable = "TROUPE_SECRET_" + name.uppercased().replacing("-", with: "_")
        var found = environment[variable]
        if found == nil, let folder {
            let file = folder.appending(path: name)
            if let data = try? Data(contentsOf: file) {
                guard data.count <= Self.mostBytes, let text = String(validating: data, as: UTF8.self) else {
                    throw .misuse("secret \(name) is no text of at most \(Self.mostBytes) bytes")
                }
                found = text
            }
        }
        guard let found else {
            let place = folder.map { " or the file \($0.appending(path: name).path)" } ?? ""
            throw .unavailable("there is no secret \(name); set \(variable)\(place)")
        }
        let secret = found.trimmingCharacters(in: .whitespacesAndNewlines)
        // What is so short would stand in every other word, and could not be kept out of a log.
        guard secret.utf8.count >= 4 else { throw .misuse("secret \(name) is shorter than 4 characters; that is none") }
        return secret
    }
}
