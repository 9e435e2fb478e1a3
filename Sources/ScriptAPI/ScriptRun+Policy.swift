import LuaSandbox
import ScriptProtocol

/// Calls of a policy's functions.
extension ScriptRun {
    /// Which arguments an entry gets behind `ctx`, by their place among what the prelude answers.
    private static let entries: [(name: String, arguments: [Int])] = [
        ("propose", [0]), ("merge", [0, 1, 2]), ("choose_persona", [0, 3]),
    ]

    /// The first two results of the entry, as the fields `first` and `second`.
    func call(_ code: LuaCode) throws(LuaFailure) -> ScriptValue {
        guard let entry = Self.entries.first(where: { $0.name == request.entry }), let make = prepared.context else {
            let known = Self.entries.map(\.name).joined(separator: ", ")
            throw LuaFailure(
                kind: .raised,
                message: "a policy has no entry \(Text.quoted(request.entry)); known: \(known)"
            )
        }
        let context = try state.call(make, [try state.value(Self.visible(request.input))], results: 4)
        let policy = try state.evaluate(try state.load(code))
        guard state.isTable(policy) else {
            throw LuaFailure(kind: .raised, message: "the script returns no table; expected return policy")
        }
        let function = try state.field(entry.name, of: policy)
        guard state.isFunction(function) else {
            throw LuaFailure(kind: .raised, message: "the policy has no function \(entry.name)")
        }
        let results = try state.call(function, entry.arguments.map { context[$0] }, results: 2)
        var fields: [ScriptValue.Field] = []
        for (name, value) in zip(["first", "second"], results) {
            let plain = try state.plain(value, .result, name: "the \(name) result of \(entry.name)")
            if plain != .null { fields.append(ScriptValue.Field(name, plain)) }
        }
        return .table(fields)
    }

    /// The input without what only the session reads: sample buffers do not become Lua tables.
    private static func visible(_ input: ScriptValue) -> ScriptValue {
        guard case .table(let fields) = input else { return .table([]) }
        return .table(
            fields.compactMap { field in
                switch field.key {
                case "series", "seed": return nil
                case "forecast":
                    guard case .table(let facts) = field.value else { return nil }
                    return ScriptValue.Field(field.key, .table(facts.filter { $0.key != "columns" }))
                default: return field
                }
            }
        )
    }
}
