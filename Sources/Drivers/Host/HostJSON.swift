import Foundation
import ScriptProtocol

/// JSON as drivers read and write it.
///
/// Lua has no null and no empty list: a null field is left out, a null in a list becomes `false`, and an empty table is written as `{}`.
enum HostJSON {
    static let deepest = 32
    static let mostBytes = 8 << 20

    /// Nil where it is none.
    static func decode(_ text: String) -> ScriptValue? {
        guard text.utf8.count <= mostBytes else { return nil }
        return try? JSONDecoder().decode(Node.self, from: Data(text.utf8)).value
    }

    private struct Node: Decodable {
        let value: ScriptValue

        private struct Key: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
            guard decoder.codingPath.count <= HostJSON.deepest else {
                throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "too deep"))
            }
            if let object = try? decoder.container(keyedBy: Key.self) {
                var fields: [(String, ScriptValue?)] = []
                for key in object.allKeys where !(try object.decodeNil(forKey: key)) {
                    fields.append((key.stringValue, try object.decode(Node.self, forKey: key).value))
                }
                value = .record(fields)
            } else if var list = try? decoder.unkeyedContainer() {
                var items: [ScriptValue] = []
                while !list.isAtEnd {
                    items.append(try list.decodeNil() ? .bool(false) : try list.decode(Node.self).value)
                }
                value = .list(items)
            } else {
                let single = try decoder.singleValueContainer()
                if single.decodeNil() {
                    value = .null
                } else if let flag = try? single.decode(Bool.self) {
                    value = .bool(flag)
                } else if let number = try? single.decode(Int64.self) {
                    value = .integer(number)
                } else if let number = try? single.decode(Double.self) {
                    value = .number(number)
                } else {
                    value = .string(try single.decode(String.self))
                }
            }
        }
    }

    static func encode(_ value: ScriptValue) throws(HostError) -> String {
        var text = ""
        write(value, &text)
        guard text.utf8.count <= mostBytes else {
            throw .misuse("host.json.encode: the text is larger than \(mostBytes >> 20) MiB")
        }
        return text
    }

    private static func write(_ value: ScriptValue, _ text: inout String) {
        switch value {
        case .null, .function: text += "null"
        case .bool(let flag): text += flag ? "true" : "false"
        case .integer(let number): text += String(number)
        case .number(let number): text += number.isFinite ? "\(number)" : "null"
        case .string(let string): write(string, &text)
        case .list(let items) where items.isEmpty: text += "{}"
        case .list(let items): writeList(items, &text) { write($0, &$1) }
        case .numbers(let numbers): writeList(numbers, &text) { write(.number($0), &$1) }
        case .table(let fields):
            text += "{"
            for (index, field) in fields.enumerated() {
                if index > 0 { text += "," }
                write(field.key, &text)
                text += ":"
                write(field.value, &text)
            }
            text += "}"
        }
    }

    private static func writeList<Item>(_ items: [Item], _ text: inout String, _ write: (Item, inout String) -> Void) {
        text += "["
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            write(item, &text)
        }
        text += "]"
    }

    private static func write(_ string: String, _ text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
