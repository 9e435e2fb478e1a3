import Testing

@testable import Agent

struct CollectionPlanTests {
    static let example = """
        { "resource": "web-1", "fleet": "storefront", "persona": "low-latency", "interval_s": 5, "since": "tomorrow",
          "kpis": [
            { "name": "cpu_utilization", "source": "system" },
            { "name": "queue_length", "source": "scrape", "metric": "jobs_waiting", "aggregate": "max" },
            { "name": "request_rate", "source": "scrape", "metric": "http_requests_total", "kind": "rate" },
            { "name": "error_rate", "kind": "ratio", "metric": "http_errors_total", "per": "http_requests_total", "source": "scrape" },
            { "name": "request_latency_p99_ms", "source": "scrape", "metric": "http_request_duration_seconds",
              "kind": "quantile", "quantile": 0.99, "scale": 1000, "match": {"job": "shop", "handler": "/"} } ] }
        """

    private func decode(_ text: String) throws(PlanError) -> (plan: CollectionPlan, omitted: [String]) {
        try CollectionPlan.decode(Array(text.utf8))
    }

    private func plan(kpis: String) throws(PlanError) -> (plan: CollectionPlan, omitted: [String]) {
        try decode("{\"resource\":\"r\",\"fleet\":\"f\",\"persona\":\"p\",\"kpis\":[\(kpis)]}")
    }

    @Test func readsWhatTheServerSends() throws {
        let (plan, omitted) = try decode(Self.example)
        #expect(omitted.isEmpty)
        #expect(
            plan
                == CollectionPlan(
                    resource: "web-1",
                    fleet: "storefront",
                    persona: "low-latency",
                    intervalSeconds: 5,
                    kpis: [
                        KPIRequest(name: "cpu_utilization", source: .system(.cpuUtilization)),
                        KPIRequest(
                            name: "queue_length",
                            source: .scrape(ScrapeRule(metric: "jobs_waiting", kind: .gauge(.max)))
                        ),
                        KPIRequest(
                            name: "request_rate",
                            source: .scrape(ScrapeRule(metric: "http_requests_total", kind: .rate))
                        ),
                        KPIRequest(
                            name: "error_rate",
                            source: .scrape(
                                ScrapeRule(metric: "http_errors_total", kind: .ratio(per: "http_requests_total"))
                            )
                        ),
                        KPIRequest(
                            name: "request_latency_p99_ms",
                            source: .scrape(
                                ScrapeRule(
                                    metric: "http_request_duration_seconds",
                                    kind: .quantile(0.99),
                                    scale: 1000,
                                    match: [
                                        LabelMatch(name: "handler", value: "/"), LabelMatch(name: "job", value: "shop"),
                                    ]
                                )
                            )
                        ),
                    ]
                )
        )
    }

    @Test func anIntervalThatIsAbsentIsTenSeconds() throws {
        #expect(try plan(kpis: "").plan.intervalSeconds == 10)
    }

    @Test(arguments: [
        ("[]", "the plan: found an array, expected an object"),
        ("{}", "the plan: “kpis” is nothing, expected an array"),
        ("{\"kpis\":[]}", "the plan: “resource” is nothing, expected a string"),
        ("{\"kpis\":[],\"interval_s\":0}", "the plan: interval_s is 0.0, expected a whole number from 1 to 3600"),
        (
            "{\"kpis\":[],\"interval_s\":1e300}",
            "the plan: interval_s is 1e+300, expected a whole number from 1 to 3600"
        ),
        ("{\"kpis\":[],\"interval_s\":\"10\"}", "the plan: “interval_s” is a string, expected a number"),
        ("{\"kpis\":1}", "the plan: “kpis” is a number, expected an array"),
        ("{", "the plan is no JSON: byte 1: expected a key"),
    ])
    func whatIsNoPlanIsNamed(text: String, message: String) {
        #expect(throws: PlanError(message)) { try decode(text) }
    }

    @Test(arguments: [
        (#"{"name":"x","source":"system"}"#, "cannot measure “x” by itself; it measures cpu_utilization,"),
        (#"{"name":"x","source":"moon"}"#, "kpis[0]: source is “moon”, expected system or scrape"),
        (#"{"source":"system"}"#, "“name” is nothing, expected a string"),
        (#"{"name":"x","source":"scrape"}"#, "“metric” is nothing, expected a string"),
        (#"{"name":"x","source":"scrape","metric":"m","kind":"sum"}"#, "expected gauge, rate, ratio or quantile"),
        (#"{"name":"x","source":"scrape","metric":"m","aggregate":"p50"}"#, "expected sum, mean, min or max"),
        (#"{"name":"x","source":"scrape","metric":"m","kind":"ratio"}"#, "“per” is nothing"),
        (#"{"name":"x","source":"scrape","metric":"m","kind":"quantile","quantile":1.5}"#, "from 0 to 1"),
        (
            #"{"name":"x","source":"scrape","metric":"m","match":{"a":1}}"#,
            "“match” is an object, expected an object of strings"
        ),
        (#"{"name":"cpu_utilization","source":"system"}"#, "asked for twice"),
    ])
    func aKPIThatCannotBeCollectedIsLeftOutAndTheOthersStay(kpi: String, message: String) throws {
        let good = #"{"name":"cpu_utilization","source":"system"}"#
        let (plan, omitted) = try plan(kpis: "\(kpi),\(good)")
        #expect(plan.kpis.map(\.name) == ["cpu_utilization"])
        #expect(omitted.count == 1 && omitted[0].contains(message))
    }

    @Test func mutationsEndInAnErrorOrAPlan() {
        var random = SeededGenerator(seed: 9)
        var errors = 0
        for _ in 0..<4000 {
            var mutated = Array(Self.example.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<mutated.count, using: &random)
                if Bool.random(using: &random) {
                    mutated[at] = UInt8.random(in: 0...255, using: &random)
                } else {
                    mutated.remove(at: at)
                }
            }
            do throws(PlanError) {
                _ = try CollectionPlan.decode(mutated)
            } catch {
                errors += 1
            }
        }
        #expect(errors > 1000)
    }
}
