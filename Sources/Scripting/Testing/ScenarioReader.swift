import Domain
import ScriptProtocol

/// Reads a table that a test gave; the first mistake ends it, for it is raised in the test at that line.
struct ScenarioReader {
    private let fields: [ScriptValue.Field]
    private let path: String

    /// Takes a table whose keys are all `known`; `path` is what errors call it, empty for the argument itself.
    init(_ value: ScriptValue, path: String = "", known: [String]) throws(PolicyTestProblem) {
        switch value {
        case .table(let fields): self.fields = fields
        case .list([]): fields = []
        default: throw PolicyTestProblem("\(path) is \(value.inWords); expected a table")
        }
        self.path = path
        for field in fields where !known.contains(field.key) {
            let nearest = NearestWord.find(field.key, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
            throw PolicyTestProblem("unknown key \(name(field.key)); known: \(known.joined(separator: ", "))\(nearest)")
        }
    }

    func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    subscript(_ key: String) -> ScriptValue? {
        guard let value = fields.first(where: { $0.key == key })?.value, value != .null else { return nil }
        return value
    }

    func mismatch(_ key: String, _ found: ScriptValue, expected: String) -> PolicyTestProblem {
        PolicyTestProblem("\(name(key)) is \(found.inWords); expected \(expected)")
    }

    func string(_ key: String) throws(PolicyTestProblem) -> String? {
        guard let value = self[key] else { return nil }
        guard case .string(let text) = value, !text.isEmpty else { throw mismatch(key, value, expected: "a text") }
        return text
    }

    func required(_ key: String, _ hint: String) throws(PolicyTestProblem) -> String {
        guard let text = try string(key) else { throw PolicyTestProblem("\(name(key)) is missing; \(hint)") }
        return text
    }

    func count(_ key: String) throws(PolicyTestProblem) -> Int? {
        guard let value = self[key] else { return nil }
        guard let count = ProposalDecoding.count(value) else {
            throw mismatch(key, value, expected: "a whole number, 0 to 100000")
        }
        return count
    }

    func number(_ key: String, in range: ClosedRange<Double>) throws(PolicyTestProblem) -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.asNumber, range.contains(number) else {
            throw mismatch(
                key,
                value,
                expected:
                    "a number from \(ScriptValue.number(range.lowerBound).shown) to \(ScriptValue.number(range.upperBound).shown)"
            )
        }
        return number
    }

    func span(_ key: String) throws(PolicyTestProblem) -> TimeSpan? {
        guard let value = self[key] else { return nil }
        do {
            return try Quantities.positiveSpan(value)
        } catch {
            throw PolicyTestProblem("\(name(key)): \(error.description)")
        }
    }

    func local(_ key: String) throws(PolicyTestProblem) -> LocalTime? {
        guard let text = try string(key) else { return nil }
        guard let time = LocalTime(text) else {
            throw PolicyTestProblem("\(name(key)) is \"\(text)\"; expected a local time such as \"2026-11-24 03:00\"")
        }
        return time
    }
}
