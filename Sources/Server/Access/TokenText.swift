import Crypto
import Foundation

/// A token as its holder writes it: `trp_ID_SECRET`, id and secret in URL-safe Base64 without padding.
///
/// The id (72 bits) finds the token and is no secret; the secret has 256 random bits. The prefix lets scanners of repositories and logs
/// recognise a token that leaked.
struct TokenText: Sendable {
    let id: String
    let secret: String

    static let prefix = "trp_"
    private static let idLength = 12
    private static let secretLength = 43

    init() {
        var generator = SystemRandomNumberGenerator()
        func random(_ count: Int) -> String {
            Self.base64((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }
        id = random(9)
        secret = random(32)
    }

    /// nil where the text is not of this form.
    init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let prefix = Array(Self.prefix.utf8)
        let separator = prefix.count + Self.idLength
        guard bytes.count == separator + 1 + Self.secretLength, bytes.starts(with: prefix),
            bytes[separator] == UInt8(ascii: "_")
        else { return nil }
        let id = bytes[prefix.count..<separator]
        let secret = bytes[(separator + 1)...]
        guard id.allSatisfy(Self.isLetter), secret.allSatisfy(Self.isLetter) else { return nil }
        self.id = String(decoding: id, as: UTF8.self)
        self.secret = String(decoding: secret, as: UTF8.self)
    }

    var text: String { Self.prefix + id + "_" + secret }

    /// What is stored of the secret.
    var digest: [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }

    private static func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension [UInt8] {
    /// Equality in a time that does not tell where the first difference is.
    func equalsInConstantTime(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
