import LuaSandbox
import ScriptProtocol

/// Calls of a policy's functions.
extension ScriptRun {
    /// What of the input an entry gets behind `ctx`.
    private static let entries: [(name: String, arguments: [String])] = [
        ("propose", []), ("merge", ["proposals", "prediction"]), ("choose_persona", ["shortfall"]),
    ]

    /// The first two results of the entry, as the fields `first` and `second`.
    func call(_ code: LuaState.Value) throws(LuaFailure) -> ScriptValue {
        guard let entry = Self.entries.first(where: { $0.name == request.entry }), let context = prepared.context else {
            let known = Self.entries.map(\.name).joined(separator: ", ")
            throw LuaFailure(
                kind: .raised,
                message: "a policy has no entry \(Text.quoted(request.entry)); known: \(known)"
            )
        }
        let policy = try state.evaluate(code)
        guard state.isTable(policy) else {
            throw LuaFailure(kind: .raised, message: "the script returns no table; expected return policy")
        }
        let function = try state.field(entry.name, of: policy)
        guard state.isFunction(function) else {
            throw LuaFailure(kind: .raised, message: "the policy has no function \(entry.name)")
        }
        var arguments = [context]
        for name in entry.arguments { arguments.append(try state.value(request.input[name] ?? .null)) }
        let results = try state.call(function, arguments, results: 2)
        var fields: [ScriptValue.Field] = []
        for (name, value) in zip(["first", "second"], results) {
            let plain = try state.plain(value, .result, name: "the \(name) result of \(entry.name)")
            if plain != .null { fields.append(ScriptValue.Field(name, plain)) }
        }
        return .table(fields)
    }
}
