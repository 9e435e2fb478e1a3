import ScriptProtocol

/// A quiet world for policies that are called in the sandbox: a fleet of four, a flat demand, every KPI there.
enum SandboxWorld {
    /// 2026-03-02 12:00 UTC, a Monday.
    private static let now: Int64 = 1_772_452_800_000
    private static let step: Int64 = 60_000

    static let input: ScriptValue = table([
        (
            "capacity",
            table([
                ("draining", .integer(0)), ("ready", .integer(4)), ("starting", .integer(1)), ("total", .integer(5)),
            ])
        ),
        (
            "fleet",
            table([
                ("demand", .string("request_rate")), ("driver", .string("simulated")), ("headroom", .number(0.2)),
                ("limits", table([("max", .integer(40)), ("min", .integer(2))])), ("mode", .string("reactive")),
                ("name", .string("storefront")), ("personas", .list([.string("web")])), ("timezone", .string("UTC")),
            ])
        ),
        ("forecast", table([("columns", .list([])), ("model", .string("ridge")), ("trust", .number(0.8))])),
        (
            "now",
            table([
                ("date", .string("2026-03-02")), ("epoch", .integer(now / 1000)), ("epoch_ms", .integer(now)),
                ("hour", .integer(12)), ("minute", .integer(0)), ("weekday", .string("monday")),
            ])
        ),
        ("personas", .list([table([("capacity", .integer(120)), ("name", .string("web"))])])),
        ("proposals", .list([])),
        ("seed", .integer(7)),
        ("shortfall", .integer(1)),
        ("state", .null),
    ])

    static func answer(_ call: HostCall) -> HostAnswer {
        switch call.name {
        case "series":
            let values = [Double](repeating: 100, count: 120)
            return .value(
                table([
                    ("start", .integer(now - 119 * step)), ("status", .string("ok")), ("step", .integer(step)),
                    ("values", .numbers(values)),
                ])
            )
        case "forecast":
            return .value(
                table([
                    ("ahead_ms", field("ahead_ms", of: call.arguments)), ("origin", .integer(now)),
                    ("quantile", field("quantile", of: call.arguments)), ("step", .integer(step)),
                    ("values", .numbers([Double](repeating: 100, count: 120))),
                ])
            )
        default: return .failure("the sandbox test does not know \(call.name)")
        }
    }

    private static func table(_ fields: [(String, ScriptValue)]) -> ScriptValue {
        .table(
            fields.map { ScriptValue.Field($0.0, $0.1) }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        )
    }

    private static func field(_ key: String, of value: ScriptValue) -> ScriptValue {
        guard case .table(let fields) = value else { return .null }
        return fields.first { $0.key == key }?.value ?? .null
    }
}
