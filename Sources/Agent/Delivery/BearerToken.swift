/// The token that the server knows the agent by, read from its file for each request: a token that is replaced is used at once.
package struct BearerToken: Sendable {
    /// Why there is no token although a file is named.
    package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        package var description: String
    }

    private let file: String?

    package init(file: String?) {
        self.file = file
    }

    /// The header that carries it; nil where no file is named.
    ///
    /// Without the token the server would refuse a batch for good, so a file that cannot be read now is an error and not a request without it.
    package func header() throws(Failure) -> (String, String)? {
        guard let file else { return nil }
        guard let text = SmallFile.text(file) else {
            throw Failure(description: "cannot read the token from \(file): \(SmallFile.lastError())")
        }
        let words = text.split(whereSeparator: \.isWhitespace)
        guard words.count == 1, let word = words.first, word.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Failure(description: "\(file) does not hold a token: expected one word of ASCII characters")
        }
        return ("Authorization", "Bearer \(word)")
    }
}
