import Crypto
package import Domain

/// Tells whether a resource has the files that it should have.
package enum ConfigDigest {
    /// SHA-256 over paths and contents, each with its length before it, hexadecimal; the order of `files` does not matter.
    package static func of(_ files: [ConfigTemplate]) -> String {
        var hash = SHA256()
        for file in files.sorted(by: { $0.path < $1.path }) {
            hash.update(part: file.path)
            hash.update(part: file.contents)
        }
        return hash.finalize().hexadecimal
    }
}

extension SHA256 {
    /// A text that no other parts can be mistaken for: its length comes first.
    mutating func update(part text: String) {
        var text = text
        text.withUTF8 { bytes in
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update(bufferPointer: $0) }
            update(bufferPointer: UnsafeRawBufferPointer(bytes))
        }
    }
}

extension SHA256Digest {
    var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
