import ScriptProtocol

/// Calls and values as a person would have written them, for transcripts and errors. Equal values give equal texts.
enum Text {
    /// `90s`, `5m`, `2h`: in the largest unit that divides it.
    static func duration(_ milliseconds: Int64) -> String {
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds >= size && milliseconds % size == 0 {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }

    /// `12`, `0.95`: whole numbers without a point.
    static func number(_ value: Double) -> String {
        Int64(exactly: value).map { String($0) } ?? String(value)
    }

    /// `"queue"`, with what would break a line or a quote made harmless.
    static func quoted(_ text: String) -> String {
        // Nearly every text is plain ASCII, and short.
        if text.utf8.count <= 200, text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) {
            return "\"" + text + "\""
        }
        var result = "\""
        for scalar in text.unicodeScalars.prefix(200) {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// A field's name: as it is where it looks like one.
    static func name(_ text: String) -> String {
        let isPlain =
            !text.isEmpty && text.utf8.count <= 60
            && text.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0) }
        return isPlain ? text : quoted(text)
    }

    static func value(_ value: ScriptValue) -> String {
        switch value {
        case .null: "nil"
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): Text.number(number)
        case .string(let text): quoted(text)
        case .list(let items): items.isEmpty ? "an empty table" : "a list"
        case .table(let fields): fields.isEmpty ? "an empty table" : "a table"
        case .numbers: "a list of numbers"
        case .function: "a function"
        }
    }
}
