import Decision
import Domain
import Foundation
import Testing

@testable import Simulation

struct ReportTests {
    private func report(_ trace: DemandTrace) throws -> BacktestReport {
        let scenario = try BacktestScenario(trace: trace)
        let run = RehearsedRun(scenario)
        return BacktestReport(
            title: "shop · rehearsed <policy>",
            subtitle: "what a scaler does that nearly knows the future",
            facts: scenario.facts + [ReportFact(name: "Limits", text: "min 2 & step_up 100 % a step")],
            comparison: scenario.comparison(of: run.timeline, named: "rehearsed <policy>"),
            scenario: scenario,
            series: run.series
        )
    }

    @Test func standsAloneAndEscapesWhatItShows() throws {
        let workload = try #require(Workload.preset("flash-crowd"))
        let html = try report(workload.trace(named: "</script><b>flash & crowd.csv")).html()

        #expect(
            !html.contains("http://") && !html.contains("https://") && !html.contains("src=") && !html.contains("url(")
        )
        #expect(html.contains("default-src 'none'"))
        // Two scripts of its own, and nothing of the data opens or closes one.
        #expect(html.components(separatedBy: "<script").count == 3)
        #expect(html.components(separatedBy: "</script>").count == 3)
        #expect(!html.contains("<policy>") && html.contains("&lt;policy&gt;"))
        #expect(html.contains("min 2 &amp; step_up 100 % a step"))
        #expect(!html.contains("{{"))
        for name in ["HPA 50 %", "HPA 70 %", "HPA 90 %", "static peak", "clairvoyant"] { #expect(html.contains(name)) }
    }

    @Test func equalRunsGiveEqualPages() throws {
        let workload = try #require(Workload.preset("daily"))
        let first = try report(workload.trace(named: "daily")).html()
        #expect(try report(workload.trace(named: "daily")).html() == first)
    }

    @Test func dataReadBackAsTheyWere() throws {
        let workload = try #require(Workload.preset("outage"))
        let scenario = try BacktestScenario(trace: workload.trace(named: "outage"))
        let run = RehearsedRun(scenario)
        let json = try ReportData(scenario: scenario, series: run.series).json()
        let data = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let text = try #require(data["demand"] as? String)
        let demand = try #require(Data(base64Encoded: text))
        #expect(demand.count == 4 * scenario.trace.count)
        demand.withUnsafeBytes { bytes in
            for i in scenario.trace.values.indices {
                let value = Float(bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self).littleEndian)
                let expected = Float(scenario.trace.values[i])
                #expect(value == expected || (value.isNaN && expected.isNaN))
            }
        }
        #expect((data["reasons"] as? [String])?.contains { $0.contains("<of & \"them\">") } == true)
    }

    /// A trace of 87 days at one minute makes a page of at most 6 MB, however often its fleet is scaled.
    @Test func staysSmall() throws {
        let workload = Workload(
            step: .minutes(1),
            count: 125_000,
            seed: 3,
            parts: [.base(3000), .daily(swing: 0.7, peakHour: 18), .noise(level: 0.1, memory: .minutes(10))]
        )
        let scenario = try BacktestScenario(trace: workload.trace(named: "long"))
        var series = ReportSeries(first: scenario.firstScored, count: scenario.trace.count)
        let outlook = DemandOutlook(
            model: "m",
            trust: 1,
            origin: scenario.trace.start,
            step: .minutes(1),
            quantile: 0.95,
            values: Array(repeating: 3000, count: scenario.leadSteps)
        )
        for t in scenario.firstScored..<scenario.trace.count {
            let decision = Decision(
                fleet: "f",
                at: scenario.trace.timestamp(at: t),
                outcome: t % 2 == 0 ? .scaleOut : .scaleIn,
                current: 40,
                target: 40 + t % 9,
                need: 40,
                plan: Plan(),
                reason: "ridge: at most \(t) in 10 min (95 % sure), likely \(t), needs \(40 + t % 9)",
                steps: []
            )
            series.append(ready: 40, billed: 41, outlook: outlook, leadSteps: scenario.leadSteps, decision: decision)
        }
        let card = scenario.scorecard("long", scenario.staticPeak(), best: nil)
        let html = try BacktestReport(
            title: "long",
            facts: scenario.facts,
            comparison: Comparison(rows: [card], best: card, bestTarget: 0.8),
            scenario: scenario,
            series: series
        )
        .html()
        #expect(html.utf8.count < 6_000_000)
        if let path = ProcessInfo.processInfo.environment["TROUPE_REPORT"] {
            try html.write(toFile: path + "/long.html", atomically: true, encoding: .utf8)
        }
    }

    /// Writes pages to look at: `TROUPE_REPORT=/tmp swift test --filter ReportTests`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["TROUPE_REPORT"] != nil))
    func pagesToLookAt() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["TROUPE_REPORT"])
        for name in ["demo-week", "outage", "flash-crowd"] {
            let workload = try #require(Workload.preset(name))
            var report = try report(workload.trace(named: "\(name).csv"))
            report.title = "storefront · forecast-only"
            try report.write(to: "\(folder)/\(name).html")
        }
    }
}
