import ScriptProtocol
import Testing

@testable import ScriptAPI

/// A series of one value a minute, the last at `now`.
struct SeriesTests {
    private static let now: Int64 = 1_772_452_800_000

    private func series(_ values: [Double], status: String = "ok", lag: Int64 = 0) throws -> Series {
        let start = Self.now - Int64(values.count - 1) * 60_000 - lag
        let answer = ScriptValue.sortedTable([
            ("start", .integer(start)), ("status", .string(status)), ("step", .integer(60_000)),
            ("values", .numbers(values)),
        ])
        return try #require(Series(name: "kpi(\"x\")", answer: answer))
    }

    private func ask(_ series: Series, _ method: String, _ arguments: [ScriptValue] = []) throws -> Double {
        try series.answer(Series.Method(method, arguments), now: Self.now)
    }

    @Test func windowsCountBackFromNow() throws {
        let series = try series([1, 2, 3, 4, 5, 6])
        #expect(try ask(series, "last") == 6)
        #expect(try ask(series, "mean", [.string("2m")]) == 5.5)
        #expect(try ask(series, "min", [.string("3m")]) == 4)
        #expect(try ask(series, "max", [.string("1h")]) == 6)
        #expect(try ask(series, "count", [.string("4m")]) == 4)
        #expect(try ask(series, "p", [.number(0.5), .string("5m")]) == 4)
        #expect(try ask(series, "age") == 0)
    }

    @Test func aWindowShorterThanTheStepHoldsTheLastValue() throws {
        #expect(try ask(try series([1, 2, 3]), "mean", [.string("10s")]) == 3)
    }

    /// More may have been sent along than a series is fetched with: what a policy looked at earlier must not change what it sees.
    @Test func theLastValueIsOneOfTheLastHour() throws {
        let series = try series([7] + Array(repeating: .nan, count: 120))
        let error = #expect(throws: APIError.self) { try ask(series, "last") }
        #expect(error == .blind("kpi(\"x\") has no value in the last 1h"))
        #expect(throws: APIError.self) { try ask(series, "age") }
        #expect(try ask(series, "max", [.string("3h")]) == 7)
    }

    @Test func gapsAreLeftOut() throws {
        let series = try series([4, .nan, 8, .nan])
        #expect(try ask(series, "mean", [.string("4m")]) == 6)
        #expect(try ask(series, "last") == 8)
        #expect(try ask(series, "age") == 60)
        #expect(try ask(series, "count", [.string("4m")]) == 2)
    }

    @Test func whatIsLaterThanNowIsNotSeen() throws {
        let series = try series([1, 2, 99], lag: -60_000)
        #expect(try ask(series, "last") == 2)
        #expect(try ask(series, "max", [.string("1h")]) == 2)
    }

    @Test func slopeAndRateArePerSecond() throws {
        #expect(abs(try ask(try series([0, 60, 120, 180]), "slope", [.string("4m")]) - 1) < 1e-9)
        // A counter that restarted from 0: 60 up, then 30, then 60 over three minutes.
        #expect(abs(try ask(try series([100, 160, 30, 90]), "rate", [.string("4m")]) - 150.0 / 180) < 1e-9)
    }

    @Test(arguments: ["missing", "stale", "nan", "source_down", "idle"])
    func askingAValueThatIsNotThereIsBlind(status: String) throws {
        let series = try series([1, 2, 3], status: status)
        for (method, arguments) in [
            ("last", []), ("age", []), ("mean", [.string("5m")]), ("min", [.string("5m")]), ("max", [.string("5m")]),
            ("p", [.number(0.9), .string("5m")]), ("slope", [.string("5m")]), ("rate", [.string("5m")]),
        ] as [(String, [ScriptValue])] {
            let error = #expect(throws: APIError.self) { try ask(series, method, arguments) }
            #expect(error == APIError(kind: .blind, message: "kpi(\"x\") has no value: \(status)"))
        }
    }

    @Test func anEmptyWindowOfALivingSeriesIsBlindToo() throws {
        let series = try series([5, .nan, .nan])
        let error = #expect(throws: APIError.self) { try ask(series, "mean", [.string("2m")]) }
        #expect(error == APIError(kind: .blind, message: "kpi(\"x\") has no value in the last 2m"))
    }

    @Test(arguments: [
        ("mean", [ScriptValue.integer(5)], ":mean: window is 5; expected a duration such as \"5m\", \"90s\" or \"2h\""),
        (
            "mean", [.string("5 parsecs")],
            ":mean: window is \"5 parsecs\"; expected a duration such as \"5m\", \"90s\" or \"2h\""
        ),
        ("p", [.integer(95), .string("5m")], ":p: quantile is 95; expected a number between 0 and 1, such as 0.95"),
        ("last", [.string("5m")], ":last takes no arguments, not 1"),
        ("max", [], ":max: window is nil; expected a duration such as \"5m\", \"90s\" or \"2h\""),
    ])
    func wrongArgumentsAreExplained(method: String, arguments: [ScriptValue], message: String) throws {
        let error = #expect(throws: APIError.self) { try Series.Method(method, arguments) }
        #expect(error == APIError(kind: .raised, message: message))
    }
}
