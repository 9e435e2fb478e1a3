package import Foundation

/// The key with which checkpoints are sealed: 32 random bytes in a file of the data folder, for its owner alone.
///
/// Who can read it can write another history, so a copy of the database proves nothing to those who hold the key too; keep it out of
/// backups that others may change.
package struct LogKey: Sendable {
    package static let fileName = "log-key"

    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    let bytes: Data

    package init(bytes: Data) { self.bytes = bytes }

    /// Reads the key of a data folder.
    ///
    /// - Throws: where there is none, or it is no key.
    package init(in folder: String) throws(Unusable) {
        let path = folder + "/" + Self.fileName
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Unusable(
                description:
                    "\(path): there is no key, so no checkpoint can be verified. Name the data folder of a server."
            )
        }
        guard bytes.count == 32 else {
            throw Unusable(
                description:
                    "\(path): a key has 32 bytes, this has \(bytes.count). Restore it from a backup: another key verifies nothing."
            )
        }
        self.bytes = bytes
    }

    /// The key of a data folder, made where there is none.
    package static func ensure(in folder: String) throws(Unusable) -> LogKey {
        let path = folder + "/" + fileName
        if !FileManager.default.fileExists(atPath: path) {
            let bytes = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
            guard FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600])
            else {
                throw Unusable(
                    description:
                        "\(path): the key of the decision log cannot be written. Check the folder's owner and space."
                )
            }
        }
        return try LogKey(in: folder)
    }
}
