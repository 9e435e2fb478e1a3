import LuaSandbox
import ScriptProtocol

/// Policy tests.
extension ScriptRun {
    /// The list of the cases; or the one that `entry` names, run, which answers nothing.
    func test(_ code: LuaState.Value) throws(LuaFailure) -> ScriptValue {
        let collected = Collected()
        let collecting = try state.hostTable([
            (
                "case",
                Self.checked { call throws(APIError) in
                    try collected.cases.add(call.arguments, line: call.line)
                    return .null
                }
            )
        ])
        let bodies = try state.evaluate(try state.load(prelude.collecting), [collecting, .globals])
        let testing: LuaState.Value? =
            request.entry.isEmpty ? nil : try state.evaluate(try state.load(prelude.testing), [try testHost()])
        _ = try state.call(code, results: 0)
        guard let testing else { return collected.cases.listed }
        guard collected.cases.contains(request.entry) else {
            throw LuaFailure(kind: .raised, message: "the file has no case \(Text.quoted(request.entry))")
        }
        _ = try state.call(try state.field(request.entry, of: bodies), [testing], results: 0)
        return .null
    }

    /// Cases arrive one call at a time.
    private final class Collected {
        var cases = TestCases()
    }

    private func testHost() throws(LuaFailure) -> LuaState.Value {
        let session = TestSession(seed: request.seed, ask: ask)
        return try state.hostTable([
            ("absent", Self.absent),
            ("any_load", Self.checked { call throws(APIError) in try session.anyLoad(call.arguments) }),
            ("decide", Self.checked { call throws(APIError) in try session.run("decide", call.arguments) }),
            ("simulate", Self.checked { call throws(APIError) in try session.run("simulate", call.arguments) }),
            ("differ", Self.checked { call throws(APIError) in throw TestSession.differ(call.arguments) }),
            ("fail", Self.checked { call throws(APIError) in throw TestSession.fail(call.arguments) }),
        ])
    }
}
