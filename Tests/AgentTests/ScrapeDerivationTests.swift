import Testing

@testable import Agent

struct ScrapeDerivationTests {
    private var derivation = ScrapeDerivation()

    private func series(_ text: String, target: Int = 0) throws -> [ScrapedSeries] {
        let metrics: Set<String> = ["requests_total", "errors_total", "queue", "latency_bucket"]
        return try ScrapedSeries.read(Array(text.utf8), metrics: metrics, target: target)
    }

    private func instant(_ seconds: Int64) -> AgentInstant {
        AgentInstant(wallMs: 0, monotonicMs: seconds * 1000)
    }

    private let rate = ScrapeRule(metric: "requests_total", kind: .rate)

    @Test mutating func ratesAddUpOverSeries() throws {
        let first = try series("requests_total{code=\"200\"} 100\nrequests_total{code=\"500\"} 10\n")
        #expect(derivation.values(of: [rate], in: [first], at: instant(0)) == [nil])
        let second = try series("requests_total{code=\"200\"} 200\nrequests_total{code=\"500\"} 20\n")
        #expect(derivation.values(of: [rate], in: [second], at: instant(10)) == [11])
    }

    @Test mutating func aCounterThatFellWasStartedAnew() throws {
        _ = derivation.values(of: [rate], in: [try series("requests_total 1000\n")], at: instant(0))
        #expect(derivation.values(of: [rate], in: [try series("requests_total 50\n")], at: instant(10)) == [5])
    }

    /// Taken for a counter that began anew, the last one would be 300 a second.
    @Test(arguments: ["NaN", "+Inf", "-Inf"])
    mutating func aCounterThatIsNoNumberForOnceIsSpanned(odd: String) throws {
        let other = "requests_total{code=\"500\"} 0\n"
        for (second, value, expected) in [(0, "3000", nil), (10, odd, nil), (20, "3010", 0.5)]
            as [(Int64, String, Double?)]
        {
            let text = "requests_total{code=\"200\"} \(value)\n" + other
            #expect(derivation.values(of: [rate], in: [try series(text)], at: instant(second)) == [expected])
        }
    }

    @Test mutating func matchingAndScale() throws {
        let rules = [
            ScrapeRule(
                metric: "queue",
                kind: .gauge(.sum),
                scale: 10,
                match: [LabelMatch(name: "kind", value: "mail")]
            ),
            // Given by Prometheus, not by the app: does not count.
            ScrapeRule(metric: "queue", kind: .gauge(.max), match: [LabelMatch(name: "job", value: "shop")]),
            ScrapeRule(metric: "queue", kind: .gauge(.min), match: [LabelMatch(name: "zone", value: "eu")]),
            ScrapeRule(metric: "queue", kind: .gauge(.mean)),
            ScrapeRule(metric: "queue", kind: .gauge(.min)),
        ]
        let answer = try series("queue{kind=\"mail\"} 3\nqueue{kind=\"push\"} 5\n")
        #expect(derivation.values(of: rules, in: [answer], at: instant(0)) == [30, 5, nil, 4, 3])
    }

    @Test mutating func aGaugeMayBeNaN() throws {
        let value = derivation.values(
            of: [ScrapeRule(metric: "queue", kind: .gauge(.sum))],
            in: [try series("queue NaN\n")],
            at: instant(0)
        )
        #expect(value.count == 1 && value[0]?.isNaN == true)
    }

    @Test mutating func ratioOfGains() throws {
        let rules = [ScrapeRule(metric: "errors_total", kind: .ratio(per: "requests_total"))]
        _ = derivation.values(of: rules, in: [try series("errors_total 5\nrequests_total 100\n")], at: instant(0))
        let second = try series("errors_total 6\nrequests_total 150\n")
        #expect(derivation.values(of: rules, in: [second], at: instant(10)) == [0.02])
        // No traffic: there is no ratio, rather than one of zero.
        #expect(derivation.values(of: rules, in: [second], at: instant(20)) == [nil])
        // No counter of errors: it is missing, rather than zero.
        #expect(derivation.values(of: rules, in: [try series("requests_total 200\n")], at: instant(30)) == [nil])
    }

    @Test mutating func quantileOfWhatCameSinceTheLastScrape() throws {
        func histogram(_ counts: [Int]) -> String {
            zip(["0.1", "0.5", "+Inf"], counts).map { "latency_bucket{le=\"\($0)\"} \($1)\n" }.joined()
        }
        let rules = [ScrapeRule(metric: "latency", kind: .quantile(0.5), scale: 1000)]
        #expect(derivation.values(of: rules, in: [try series(histogram([1000, 1000, 1000]))], at: instant(0)) == [nil])
        // Twenty more, all of them between 0.1 and 0.5.
        let second = try series(histogram([1000, 1020, 1020]))
        let value = derivation.values(of: rules, in: [second], at: instant(10))[0]
        #expect(value.map { abs($0 - 300) < 1e-9 } ?? false)
        #expect(derivation.values(of: rules, in: [second], at: instant(20)) == [nil])
    }

    @Test mutating func aSumLacksNoPartUnnoticed() throws {
        let one = try series("requests_total 100\nqueue 1\n")
        let other = try series("requests_total 100\n", target: 1)
        let rules = [rate, ScrapeRule(metric: "queue", kind: .gauge(.sum))]
        _ = derivation.values(of: rules, in: [one, other], at: instant(0))
        // The second target does not answer: what it exposed has no sum, what it never had still has.
        let later = try series("requests_total 200\nqueue 2\n")
        #expect(derivation.values(of: rules, in: [later, nil], at: instant(10)) == [nil, 2])
        // It is back: its gain spans both intervals.
        let last = try series("requests_total 300\nqueue 3\n")
        let back = try series("requests_total 140\n", target: 1)
        #expect(derivation.values(of: rules, in: [last, back], at: instant(20)) == [12, 3])
    }

    @Test mutating func aSeriesThatWentComesBackAsNew() throws {
        _ = derivation.values(of: [rate], in: [try series("requests_total 100\n")], at: instant(0))
        #expect(derivation.values(of: [rate], in: [[]], at: instant(10)) == [nil])
        #expect(derivation.values(of: [rate], in: [try series("requests_total 500\n")], at: instant(20)) == [nil])
        #expect(derivation.values(of: [rate], in: [try series("requests_total 510\n")], at: instant(30)) == [1])
    }
}
