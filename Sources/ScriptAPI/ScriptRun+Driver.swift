import LuaSandbox
import ScriptProtocol

/// Calls of a driver's functions.
extension ScriptRun {
    /// The first three results of the entry, as the fields `first`, `second` and `third`.
    func drive(_ code: LuaState.Value) throws(LuaFailure) -> ScriptValue {
        let calls = try state.hostTable([
            ("absent", Self.absent),
            (
                "ask",
                Self.checked { [ask] call throws(APIError) in
                    guard let name = call.arguments.first?.string else { throw .wrong("the host has no such function") }
                    return try ask(HostCall(name: name, arguments: .list(Array(call.arguments.dropFirst()))))
                }
            ),
        ])
        let host = try state.evaluate(
            try state.load(prelude.driving),
            [calls, try part("fleet", orElse: .string("")), try part("folder", orElse: .string(""))]
        )
        let target = try part("target", orElse: .table([]))
        let asked = try part("request", orElse: .table([]))
        let driver = try state.evaluate(code)
        guard state.isTable(driver) else {
            throw LuaFailure(kind: .raised, message: "the script returns no table; expected return driver { … }")
        }
        let function = try state.field(request.entry, of: driver)
        guard state.isFunction(function) else {
            throw LuaFailure(kind: .raised, message: "the driver has no function \(request.entry)")
        }
        let results = try state.call(function, [host, target, asked], results: 3)
        var fields: [ScriptValue.Field] = []
        for (name, value) in zip(["first", "second", "third"], results) {
            let plain = try state.plain(value, .result, name: "the \(name) result of \(request.entry)")
            if plain != .null { fields.append(ScriptValue.Field(name, plain)) }
        }
        return .table(fields)
    }

    private func part(_ name: String, orElse other: ScriptValue) throws(LuaFailure) -> LuaState.Value {
        if let part = request.input[name] { return try state.value(part) }
        return try state.value(other)
    }
}
