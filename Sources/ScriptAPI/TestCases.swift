import ScriptProtocol

/// The cases that a test file has defined so far, in its order.
struct TestCases {
    private var cases: [Case] = []

    private struct Case {
        let name: String
        let kind: String
        let line: Int?
    }

    /// More than anyone reads in one file.
    private static let most = 1000

    /// `test("name", function(t) … end)`, and `property`.
    ///
    /// - Parameter values: the kind, the name, the type of the body.
    mutating func add(_ values: [ScriptValue], line: Int?) throws(APIError) {
        let kind = values.first?.string ?? "test"
        let arguments = Arguments(kind, Array(values.dropFirst()))
        let name = try arguments.string(0, named: "name", expected: "a text that says what holds")
        guard arguments[1] == .string("function") else {
            let found = arguments[1].string.map { $0 == "nil" ? "missing" : "a \($0)" } ?? "missing"
            throw .wrong("\(kind): the body of \(Text.quoted(name)) is \(found); expected function(t) … end")
        }
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw .wrong("\(kind): the name \(Text.quoted(name)) has a control character; expected one line")
        }
        if let other = cases.first(where: { $0.name == name }) {
            throw .wrong("there is a case \(Text.quoted(name)) already\(other.line.map { ", in line \($0)" } ?? "")")
        }
        guard cases.count < Self.most else { throw .wrong("a file may hold \(Self.most) cases, no more") }
        cases.append(Case(name: name, kind: kind, line: line))
    }

    func contains(_ name: String) -> Bool { cases.contains { $0.name == name } }

    var names: [String] { cases.map(\.name) }

    /// A list of `{ kind, line, name }`.
    var listed: ScriptValue {
        .list(
            cases.map { one in
                var fields = [("kind", ScriptValue.string(one.kind)), ("name", .string(one.name))]
                if let line = one.line { fields.append(("line", .integer(Int64(line)))) }
                return .sortedTable(fields)
            }
        )
    }
}
