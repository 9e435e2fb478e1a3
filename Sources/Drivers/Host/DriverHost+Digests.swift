import Crypto
import Foundation
import ScriptProtocol

extension DriverHost {
    /// `base64.encode`, `base64.decode`, `sha256`, `hmac_sha256`; hashes are hexadecimal.
    func digest(_ name: String, _ arguments: HostArguments) throws(HostError) -> ScriptValue {
        switch name {
        case "base64.encode":
            return .string(Data(try arguments.text(0, "its argument").utf8).base64EncodedString())
        case "base64.decode":
            let text = try arguments.text(0, "its argument")
            guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters),
                let decoded = String(validating: data, as: UTF8.self)
            else { throw .misuse("host.base64.decode: this is no base64 of a text") }
            return .string(decoded)
        case "sha256":
            return .string(SHA256.hash(data: Data(try arguments.text(0, "its argument").utf8)).hexadecimal)
        default:
            let key = SymmetricKey(data: Data(try arguments.text(0, "the key").utf8))
            let text = Data(try arguments.text(1, "the text").utf8)
            return .string(HMAC<SHA256>.authenticationCode(for: text, using: key).hexadecimal)
        }
    }
}

extension Sequence<UInt8> {
    var hexadecimal: String {
        reduce(into: "") { text, byte in
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16)
        }
    }
}
