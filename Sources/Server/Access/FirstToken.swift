package import Domain
import Foundation
package import StateStore

/// The token with which everything begins: written where only the owner of the data folder can read it, and used by the local command
/// line.
package enum FirstToken {
    package static let fileName = "admin-token"
    package static let name = "local-admin"

    /// Creates an admin token and writes it to `FOLDER/admin-token` with mode 0600, unless the file holds one that is valid.
    ///
    /// Blocks. A file that was lost or a token that was revoked is replaced: who can write into the folder owns its databases anyway.
    /// - Returns: the file's path.
    @discardableResult
    package static func ensure(
        in folder: String,
        store: any TokenStoring,
        now: Timestamp
    ) throws(ServerError) -> String {
        let path = folder + "/" + fileName
        let tokens: [StoredToken]
        do throws(StateStoreError) {
            tokens = try store.tokens()
        } catch {
            throw failed(error)
        }
        if let text = read(path), let known = tokens.first(where: { $0.id == text.id }), known.isValid(at: now),
            known.digest.equalsInConstantTime(text.digest)
        {
            return path
        }
        let text = TokenText()
        // The file first: a token that nobody can read would stay valid for nothing.
        try write(text.text + "\n", to: path)
        do throws(StateStoreError) {
            for token in tokens where token.name == name && token.isValid(at: now) {
                try store.revokeToken(token.id, at: now, by: "a new first token")
            }
            try store.add(
                StoredToken(
                    id: text.id,
                    name: name,
                    scope: .admin,
                    digest: text.digest,
                    createdAt: now,
                    createdBy: "start"
                )
            )
        } catch {
            throw failed(error)
        }
        return path
    }

    private static func read(_ path: String) -> TokenText? {
        guard let data = FileManager.default.contents(atPath: path), data.count < 1000 else { return nil }
        return TokenText(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Into a new file that is 0600 from its first instant, moved over the old one: no reader sees half a token, nor may another user
    /// open it in between.
    private static func write(_ text: String, to path: String) throws(ServerError) {
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        let isSafe = written == bytes.count && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isSafe else { throw unwritable(path, code) }
        guard rename(temporary, path) == 0 else { throw unwritable(path, errno) }
    }

    private static func unwritable(_ path: String, _ code: Int32) -> ServerError {
        ServerError(
            .token,
            "\(path) cannot be written (\(String(cString: strerror(code))))",
            advice: "Check that the folder exists, and that Troupe's user may write there."
        )
    }

    private static func failed(_ error: StateStoreError) -> ServerError {
        ServerError(.store, "the first token cannot be stored: \(error.what)", advice: error.advice)
    }
}
