import ScriptProtocol
import Testing

@testable import ScriptAPI

/// Requests as the host makes them, and what it would answer.
struct Runs {
    static let file = "policies/scaling/x.lua"
    /// 2026-03-02 12:00 UTC, a Monday.
    static let now: Int64 = 1_772_452_800_000

    var limits = ScriptLimits(wallMilliseconds: 5000)
    var modules: [String: String] = [:]
    /// By KPI: the value of each of the last 120 minutes, or a status.
    var kpis: [String: ScriptValue] = [:]
    /// Demand at every step of the forecast; nil = there is none yet.
    var forecast: Double? = 300
    var seed: Int64 = 7
    var state = ScriptValue.null
    var extra: [(String, ScriptValue)] = []
    let runner = ScriptRunner()

    func define(_ text: String, file: String = file) -> Result<ScriptResult, ScriptFailure> {
        run(request(.define, text, file: file))
    }

    func call(_ text: String, _ entry: String = "propose") -> Result<ScriptResult, ScriptFailure> {
        run(request(.call, text, entry: entry))
    }

    /// A policy of one function.
    func propose(_ body: String) -> Result<ScriptResult, ScriptFailure> {
        call("local policy = { name = 'x' } function policy.propose(ctx) \(body) end return policy")
    }

    /// What an expression is inside of `propose`.
    func look(_ expression: String) throws -> ScriptValue {
        try #require(try propose("return { \(expression) }").get().value["first"]?.items.first)
    }

    func test(
        _ text: String,
        _ entry: String = "",
        answer: @escaping (HostCall) -> HostAnswer = { _ in .failure("not asked") }
    )
        -> Result<ScriptResult, ScriptFailure>
    {
        runner.run(request(.test, text, entry: entry), ask: answer)
    }

    func run(_ request: ScriptRequest) -> Result<ScriptResult, ScriptFailure> { runner.run(request, ask: answer) }

    private func request(_ mode: ScriptRequest.Mode, _ text: String, file: String = file, entry: String = "")
        -> ScriptRequest
    {
        ScriptRequest(
            mode: mode,
            script: ScriptSource(name: file, bytes: Array(text.utf8)),
            modules: Dictionary(
                uniqueKeysWithValues: modules.map { name, text in
                    let file = "policies/\(name.split(separator: ".").joined(separator: "/")).lua"
                    return (name, ScriptSource(name: file, bytes: Array(text.utf8)))
                }
            ),
            entry: entry,
            input: mode == .call ? input : .sortedTable([("seed", .integer(seed))]),
            limits: limits
        )
    }

    var input: ScriptValue {
        func persona(_ name: String, _ capacity: Int64) -> ScriptValue {
            .sortedTable([("capacity", .integer(capacity)), ("name", .string(name))])
        }
        return .sortedTable(
            [
                ("calendar", .list([.sortedTable([("date", .string("2026-03-02")), ("name", .string("sale"))])])),
                (
                    "capacity",
                    .sortedTable([("draining", .integer(0)), ("ready", .integer(4)), ("starting", .integer(1))])
                ),
                (
                    "fleet",
                    .sortedTable([
                        ("demand", .string("request_rate")), ("name", .string("storefront")),
                        ("timezone", .string("UTC")),
                    ])
                ),
                (
                    "forecast",
                    .sortedTable([("columns", .list([])), ("model", .string("ridge")), ("trust", .number(0.8))])
                ),
                (
                    "now",
                    .sortedTable([
                        ("date", .string("2026-03-02")), ("epoch", .integer(Self.now / 1000)),
                        ("epoch_ms", .integer(Self.now)),
                        ("hour", .integer(12)), ("minute", .integer(0)), ("weekday", .string("monday")),
                    ])
                ),
                ("personas", .list([persona("low-latency", 120), persona("background-task", 30)])),
                ("seed", .integer(seed)),
                ("state", state),
            ] + extra
        )
    }

    private func answer(_ call: HostCall) -> HostAnswer {
        switch call.name {
        case "series":
            let value = kpis[call.arguments["kpi"]?.string ?? ""] ?? .string("missing")
            if let status = value.string {
                return .value(
                    .sortedTable([
                        ("start", .integer(0)), ("status", .string(status)), ("step", .integer(60_000)),
                        ("values", .numbers([])),
                    ])
                )
            }
            return .value(
                .sortedTable([
                    ("start", .integer(Self.now - 119 * 60_000)), ("status", .string("ok")), ("step", .integer(60_000)),
                    ("values", .numbers(Array(repeating: value.double ?? .nan, count: 120))),
                ])
            )
        case "forecast":
            guard let forecast else { return .value(.null) }
            return .value(
                .sortedTable([
                    ("ahead_ms", call.arguments["ahead_ms"] ?? .null), ("origin", .integer(Self.now)),
                    ("quantile", call.arguments["quantile"] ?? .null), ("step", .integer(60_000)),
                    ("values", .numbers(Array(repeating: forecast, count: 120))),
                ])
            )
        default: return .failure("the host does not know \(call.name)")
        }
    }
}

extension Result where Success == ScriptResult, Failure == ScriptFailure {
    var failure: ScriptFailure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}
