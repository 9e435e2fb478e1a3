import Domain
import Foundation
import ScriptProtocol
import Scripting

/// Times and parts of addresses as services write them.
extension DriverHost {
    static let mostTextBytes = 1 << 20

    /// `time.parse(text)` → seconds since 1970, `time.format(seconds)` → UTC; `url.encode(text)`, `url.decode(text)`.
    func convert(_ name: String, _ arguments: HostArguments) throws(HostError) -> ScriptValue {
        switch name {
        case "time.parse": return try seconds(of: arguments.text(0, "the time"))
        case "time.format": return .string(try timestamp(arguments.value(0)).description)
        case "url.encode": return .string(PercentCode.encode(try short(arguments, name)))
        default:
            let text = try short(arguments, name)
            guard let decoded = PercentCode.decode(text) else {
                throw .misuse(
                    "host.url.decode: \(ScriptValue.string(redactor.clean(text)).inWords) is not percent-encoded UTF-8"
                )
            }
            return .string(decoded)
        }
    }

    private func seconds(of text: String) throws(HostError) -> ScriptValue {
        // RFC 3339 allows t and z.
        guard let time = try? Timestamp(iso8601: text.uppercased()) else {
            throw .misuse(
                "host.time.parse: \(ScriptValue.string(redactor.clean(text)).inWords) is no time; expected such as "
                    + "\"2026-11-24T08:00:00Z\" or \"2026-11-24T09:00:00.5+01:00\""
            )
        }
        // Whole seconds are a whole number, which a script prints without ".0".
        return time.milliseconds % 1000 == 0
            ? .integer(time.milliseconds / 1000) : .number(Double(time.milliseconds) / 1000)
    }

    /// Within the years that have four digits.
    private func timestamp(_ value: ScriptValue) throws(HostError) -> Timestamp {
        guard let seconds = value.asNumber, seconds >= -62_167_219_200, seconds < 253_402_300_800 else {
            throw .misuse("host.time.format is given \(value.inWords); expected seconds since 1970")
        }
        return Timestamp(milliseconds: Int64(min((seconds * 1000).rounded(), 253_402_300_799_999)))
    }

    private func short(_ arguments: HostArguments, _ name: String) throws(HostError) -> String {
        let text = try arguments.text(0, "its argument")
        guard text.utf8.count <= Self.mostTextBytes else {
            throw .misuse("host.\(name): the text is larger than \(Self.mostTextBytes >> 20) MiB")
        }
        return text
    }
}

/// Percent-encoding of one part of an address: all but letters, digits and `-._~` is encoded (RFC 3986).
enum PercentCode {
    private static let digits = Array("0123456789ABCDEF".utf8)

    static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Nil where a `%` begins nothing, or what it hides is no text. A `+` stays one.
    static func decode(_ text: String) -> String? {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.count)
        var index = 0
        while index < source.count {
            guard source[index] == UInt8(ascii: "%") else {
                bytes.append(source[index])
                index += 1
                continue
            }
            guard index + 2 < source.count, let high = value(source[index + 1]), let low = value(source[index + 2])
            else { return nil }
            bytes.append(high << 4 | low)
            index += 3
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
