import ScriptProtocol

/// The functions that make proposals: `scale_to`, `scale_by`, `at_least`, `at_most`, `hold`, `assign`.
///
/// Each checks its arguments at once, so that an error stands at the line that made it, and answers with a plain table:
/// `ask` (the function's name), what it asks for, `reason`.
enum Proposals {
    static let names = ["assign", "at_least", "at_most", "hold", "scale_by", "scale_to"]

    /// - Parameter personas: of the fleet, in its order; a mix or an assignment may name no other.
    static func make(
        _ name: String,
        _ values: [ScriptValue],
        personas: () -> [String]
    ) throws(APIError) -> ScriptValue {
        let arguments = Arguments(name, values)
        var fields: [(String, ScriptValue)] = [("ask", .string(name))]
        switch name {
        case "scale_to":
            fields.append(try target(arguments, personas: personas))
            fields.append(("reason", .string(try arguments.reason(1))))
            try arguments.atMost(2)
        case "scale_by":
            fields.append(try amount(arguments))
            fields.append(("reason", .string(try arguments.reason(1))))
            try arguments.atMost(2)
        case "at_least", "at_most":
            fields.append(("count", .integer(try arguments.count(0, named: "n"))))
            fields.append(("reason", .string(try arguments.reason(1))))
            try arguments.atMost(2)
        case "hold":
            fields.append(("reason", .string(try arguments.reason(0))))
            switch arguments[1] {
            case .null: fields.append(("direction", .string("both")))
            case .string("in"), .string("out"): fields.append(("direction", arguments[1]))
            default: throw arguments.mismatch(1, named: "direction", expected: "\"in\", \"out\" or nothing for both")
            }
            try arguments.atMost(2)
        case "assign":
            fields.append(
                ("resource", .string(try arguments.string(0, named: "resource", expected: "the id of a resource")))
            )
            let persona = try arguments.string(1, named: "persona", expected: "the name of a persona of this fleet")
            try check(persona: persona, in: personas(), function: name)
            fields.append(("persona", .string(persona)))
            if arguments[2] != .null {
                fields.append(("duration_ms", .integer(try arguments.duration(2, named: "duration"))))
            }
            fields.append(("reason", .string(try arguments.reason(3))))
            try arguments.atMost(4)
        default:
            throw .wrong("there is no proposal \(name); known: \(names.joined(separator: ", "))")
        }
        return .sortedTable(fields)
    }

    private static func target(
        _ arguments: Arguments,
        personas: () -> [String]
    ) throws(APIError) -> (String, ScriptValue) {
        guard case .table(let fields) = arguments[0] else {
            return ("count", .integer(try arguments.count(0, named: "n")))
        }
        guard !fields.isEmpty else {
            throw arguments.mismatch(0, named: "n", expected: "a number, or a table such as { [\"low-latency\"] = 4 }")
        }
        let personas = personas()
        var mix: [(String, ScriptValue)] = []
        for field in fields {
            try check(persona: field.key, in: personas, function: arguments.function)
            let one = Arguments(arguments.function, [field.value])
            mix.append((field.key, .integer(try one.count(0, named: "n of \(field.key)"))))
        }
        return ("mix", .sortedTable(mix))
    }

    /// `2`, `-1`, `"20%"`, `"-20%"`.
    private static func amount(_ arguments: Arguments) throws(APIError) -> (String, ScriptValue) {
        let expected = "a whole number such as 2 or -1, or a percentage such as \"20%\""
        switch arguments[0] {
        case .string(let text):
            guard text.hasSuffix("%"), let percent = Double(text.dropLast()), percent.isFinite,
                (-100...10_000).contains(percent)
            else { throw arguments.mismatch(0, named: "n", expected: expected) }
            return ("fraction", .number(percent / 100))
        case .integer, .number:
            return ("count", .integer(try arguments.count(0, named: "n", from: -Arguments.most)))
        default:
            throw arguments.mismatch(0, named: "n", expected: expected)
        }
    }

    private static func check(persona: String, in personas: [String], function: String) throws(APIError) {
        guard !personas.contains(persona) else { return }
        throw .wrong(
            "\(function): this fleet has no persona \(Text.quoted(persona)); it has \(personas.joined(separator: ", "))"
        )
    }
}
