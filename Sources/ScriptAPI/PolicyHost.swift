import LuaSandbox
import ScriptProtocol

extension LuaState {
    /// The functions behind `ctx`, for a run that is still to come.
    func policyHost(_ subject: PreparedState.Subject) throws(LuaFailure) -> LuaState.Value {
        try hostTable([
            ("absent", ScriptRun.absent),
            (
                "kpi",
                ScriptRun.checked { call throws(APIError) in Self.handle(try subject.looking().kpi(call.arguments)) }
            ),
            ("demand", ScriptRun.checked { _ throws(APIError) in Self.handle(try subject.looking().demand()) }),
            (
                "series",
                ScriptRun.checked { call throws(APIError) in
                    let arguments = Arguments("series", call.arguments)
                    return try subject.looking()
                        .ask(
                            handle: arguments[1].integer,
                            method: arguments[0].string ?? "?",
                            Array(call.arguments.dropFirst(2))
                        )
                }
            ),
            (
                "forecast",
                ScriptRun.checked { call throws(APIError) in
                    let arguments = Arguments("forecast", call.arguments)
                    let name = arguments[0].string ?? "?"
                    guard arguments[1] == .bool(true) else {
                        throw .wrong(
                            "\(name) is a method of the forecast: call it with a colon, ctx.forecast:\(name)(…)"
                        )
                    }
                    return try subject.looking().forecast(name, Array(call.arguments.dropFirst(2)))
                }
            ),
            (
                "resources_for",
                ScriptRun.checked { call throws(APIError) in try subject.looking().resourcesFor(call.arguments) }
            ),
        ])
    }

    private static func handle(_ opened: (handle: Int64, status: String)) -> ScriptValue {
        .table([
            ScriptValue.Field("handle", .integer(opened.handle)), ScriptValue.Field("status", .string(opened.status)),
        ])
    }
}
