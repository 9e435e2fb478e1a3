import ScriptProtocol
import Testing

@testable import ScriptAPI

struct PolicySessionTests {
    private static let now: Int64 = 1_772_452_800_000

    private static let input = ScriptValue.sortedTable([
        ("fleet", .sortedTable([("demand", .string("request_rate"))])),
        ("forecast", .sortedTable([("model", .string("ridge")), ("trust", .number(0.8))])),
        ("now", .sortedTable([("epoch_ms", .integer(now))])),
        (
            "personas",
            .list([
                .sortedTable([("capacity", .integer(120)), ("name", .string("low-latency"))]),
                .sortedTable([("name", .string("mute"))]),
            ])
        ),
    ])

    private static func constant(_ value: Double, minutes: Int) -> ScriptValue {
        .sortedTable([
            ("start", .integer(now - Int64(minutes - 1) * 60_000)), ("status", .string("ok")),
            ("step", .integer(60_000)),
            ("values", .numbers(Array(repeating: value, count: minutes))),
        ])
    }

    private func session(_ input: ScriptValue, ask: @escaping AskHost) throws(FrameError) -> PolicySession {
        PolicySession(input: try EncodedValue(input), ask: ask)
    }

    private final class Asked {
        var calls: [HostCall] = []
    }

    @Test func whatWasNotSentAlongIsFetchedOnce() throws {
        let asked = Asked()
        let session = try session(Self.input) { call throws(APIError) in
            asked.calls.append(call)
            return Self.constant(7, minutes: 120)
        }
        let first = try session.kpi([.string("queue_length")])
        let again = try session.kpi([.string("queue_length"), .sortedTable([("agg", .string("mean"))])])
        #expect(first.status == "ok")
        #expect(first.handle == again.handle)
        #expect(try session.ask(handle: first.handle, method: "mean", [.string("5m")]) == .integer(7))
        #expect(asked.calls.count == 1)
        // Further back than was fetched: once more, and then no more.
        _ = try session.ask(handle: first.handle, method: "mean", [.string("2h")])
        _ = try session.ask(handle: first.handle, method: "max", [.string("90m")])
        #expect(asked.calls.map { $0.arguments["window_ms"] } == [.integer(3_600_000), .integer(7_200_000)])
    }

    @Test func whatWasSentAlongIsNotFetched() throws {
        var fields = [
            ("kpi", ScriptValue.string("queue_length")), ("agg", .string("max")), ("window_ms", .integer(3_600_000)),
        ]
        guard case .table(let constant) = Self.constant(3, minutes: 60) else { return }
        fields += constant.map { ($0.key, $0.value) }
        guard case .table(let input) = Self.input else { return }
        let whole = ScriptValue.sortedTable(
            input.map { ($0.key, $0.value) } + [("series", .list([.sortedTable(fields)]))]
        )
        let session = try session(whole) { _ throws(APIError) in throw .wrong("nothing is to be asked") }
        let opened = try session.kpi([.string("queue_length"), .sortedTable([("agg", .string("max"))])])
        #expect(try session.ask(handle: opened.handle, method: "last", []) == .integer(3))
    }

    @Test func everyLookIsWrittenDown() throws {
        let session = try session(Self.input) { call throws(APIError) in
            call.name == "forecast"
                ? .sortedTable([
                    ("ahead_ms", call.arguments["ahead_ms"] ?? .null), ("origin", .integer(Self.now)),
                    ("quantile", call.arguments["quantile"] ?? .null), ("step", .integer(60_000)),
                    ("values", .numbers((1...60).map { Double($0) * 10 })),
                ])
                : Self.constant(412.5, minutes: 60)
        }
        let queue = try session.kpi([.string("queue_length"), .sortedTable([("persona", .string("low-latency"))])])
        _ = try session.ask(handle: queue.handle, method: "mean", [.string("5m")])
        _ = try session.ask(handle: try session.demand().handle, method: "last", [])
        #expect(try session.forecast("at", [.string("30m"), .number(0.9)]) == .integer(300))
        #expect(try session.forecast("peak", [.string("1h"), .number(0.9)]) == .integer(600))
        #expect(try session.resourcesFor([.number(300)]) == .integer(3))
        #expect(
            session.transcript.map { "\($0.call) → \(Text.value($0.answer))" } == [
                "kpi(\"queue_length\", { persona = \"low-latency\" }) → \"ok\"",
                "kpi(\"queue_length\", { persona = \"low-latency\" }):mean(\"5m\") → 412.5",
                "demand → \"ok\"",
                "demand:last() → 412.5",
                "forecast:at(\"30m\", 0.9) → 300",
                "forecast:peak(\"1h\", 0.9) → 600",
                "resources_for(300) → 3",
            ]
        )
    }

    @Test func withoutAForecastAPolicyIsBlind() throws {
        let session = try session(Self.input) { _ throws(APIError) in .null }
        let error = #expect(throws: APIError.self) { try session.forecast("peak", [.string("30m"), .number(0.9)]) }
        #expect(error == APIError(kind: .blind, message: "there is no forecast yet"))
        #expect(session.transcript.map(\.call) == ["forecast:peak(\"30m\", 0.9)"])
    }

    @Test func resourcesAreRoundedUp() throws {
        let session = try session(Self.input) { _ throws(APIError) in .null }
        #expect(try session.resourcesFor([.integer(0)]) == .integer(0))
        #expect(try session.resourcesFor([.integer(120)]) == .integer(1))
        #expect(try session.resourcesFor([.number(120.5)]) == .integer(2))
        #expect(try session.resourcesFor([.integer(1), .string("low-latency")]) == .integer(1))
        for (arguments, message) in [
            ([.integer(-1)], "ctx.resources_for: demand is -1; expected a number, 0 or above"),
            ([.number(.infinity)], "ctx.resources_for: demand is inf; expected a number, 0 or above"),
            (
                [.integer(1), .string("none")],
                "ctx.resources_for: this fleet has no persona \"none\"; it has low-latency, mute"
            ),
            (
                [.integer(1), .string("mute")],
                "ctx.resources_for: persona \"mute\" declares no capacity for this fleet's demand"
            ),
        ] as [([ScriptValue], String)] {
            let error = #expect(throws: APIError.self) { try session.resourcesFor(arguments) }
            #expect(error?.message == message)
        }
    }

    // MARK: Looks without end

    /// A long series at a step of one minute.
    private func looking(_ asked: Asked, input: ScriptValue = input) throws -> PolicySession {
        try session(input) { call throws(APIError) in
            asked.calls.append(call)
            let reach = (call.arguments["window_ms"] ?? call.arguments["ahead_ms"])?.integer ?? 0
            guard call.name == "forecast" else { return Self.constant(1, minutes: Int(min(reach / 60_000, 100_000))) }
            return .sortedTable([
                ("ahead_ms", .integer(reach)), ("origin", .integer(Self.now)),
                ("quantile", call.arguments["quantile"] ?? .null), ("step", .integer(60_000)),
                ("values", .numbers(Array(repeating: 5, count: Int(min(reach / 60_000, 1440))))),
            ])
        }
    }

    /// Neither all of it anew for each of them, nor anything once it is as long as series get.
    @Test func windowsThatGrowAreFetchedAFewTimes() throws {
        let asked = Asked()
        let session = try looking(asked)
        let handle = try session.kpi([.string("queue_length")]).handle
        for minutes in 61...2000 { _ = try session.ask(handle: handle, method: "mean", [.string("\(minutes)m")]) }
        #expect(asked.calls.count <= 8)
        for minutes in 100_000...100_100 {
            _ = try session.ask(handle: handle, method: "max", [.string("\(minutes)m")])
        }
        #expect(asked.calls.count <= 9)
        asked.calls = []
        for minutes in 1...1440 { _ = try session.forecast("at", [.string("\(minutes)m"), .number(0.9)]) }
        #expect(asked.calls.count <= 13)
    }

    /// Whatever was sent along: a run of the same inputs ends in the same way.
    @Test func aRunMayLookAtSoMuch() throws {
        func ending(sent: [ScriptValue]) throws -> (looks: Int, error: APIError?) {
            guard case .table(let fields) = Self.input else { return (0, nil) }
            let input = ScriptValue.sortedTable(fields.map { ($0.key, $0.value) } + [("series", .list(sent))])
            let session = try looking(Asked(), input: input)
            for i in 0..<1000 {
                do throws(APIError) {
                    let handle = try session.kpi([.string("kpi_\(i)")]).handle
                    _ = try session.ask(handle: handle, method: "mean", [.string("3650d")])
                } catch {
                    return (i, error)
                }
            }
            return (1000, nil)
        }
        let alone = try ending(sent: [])
        #expect(alone.looks == 28)
        #expect(alone.error?.message.contains("a run may look at 2800000 values in all") == true)
        let sent = (0..<300)
            .map { i in
                guard case .table(let fields) = Self.constant(1, minutes: 200_000) else { return ScriptValue.null }
                let key = [
                    ("agg", ScriptValue.string("mean")), ("kpi", .string("kpi_\(i)")),
                    ("window_ms", .integer(12_000_000_000)),
                ]
                return .sortedTable(
                    key + (i < 3 ? fields.map { ($0.key, $0.value) } : [("status", .string("missing"))])
                )
            }
        let again = try ending(sent: sent)
        #expect(again.looks == alone.looks && again.error == alone.error)
    }

    @Test func aRunMayLookAtSoManySeriesAndQuantiles() throws {
        let session = try looking(Asked())
        for i in 0..<256 { _ = try session.kpi([.string("kpi_\(i)")]) }
        let series = #expect(throws: APIError.self) { try session.kpi([.string("kpi_256")]) }
        #expect(series?.message == "a run may look at 256 series, no more")
        _ = try session.kpi([.string("kpi_7")])
        for i in 1...100 { _ = try session.forecast("at", [.string("1h"), .number(Double(i) / 200)]) }
        let quantiles = #expect(throws: APIError.self) { try session.forecast("at", [.string("1h"), .number(0.9)]) }
        #expect(quantiles?.message.contains("100 quantiles, no more") == true)
        _ = try session.forecast("peak", [.string("1h"), .number(0.25)])
    }

    @Test(arguments: [
        ([ScriptValue.string(String(repeating: "k", count: 254))], "ctx.kpi: name has 254 bytes; expected at most 253"),
        (
            [.string("k"), .sortedTable([("resource", .string(String(repeating: "r", count: 300)))])],
            "ctx.kpi: resource has 300 bytes; expected at most 253"
        ),
        ([ScriptValue.null], "ctx.kpi: name is nil; expected the name of a KPI"),
        (
            [.string("x"), .sortedTable([("aggregate", .string("max"))])],
            "ctx.kpi: there is no option \"aggregate\"; known: agg, persona, resource"
        ),
        (
            [.string("x"), .sortedTable([("agg", .string("p100"))])],
            "ctx.kpi: agg is \"p100\"; expected mean, sum, max, min or p1 to p99"
        ),
        (
            [.string("x"), .string("max")],
            "ctx.kpi: options is \"max\"; expected a table such as { persona = \"low-latency\" }"
        ),
    ])
    func wrongQuestionsAreExplained(arguments: [ScriptValue], message: String) throws {
        let session = try session(Self.input) { _ throws(APIError) in .null }
        let error = #expect(throws: APIError.self) { try session.kpi(arguments) }
        #expect(error?.message == message)
    }
}
