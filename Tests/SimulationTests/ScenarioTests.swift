import Domain
import Foundation
import Testing

@testable import Simulation

struct ScenarioTests {
    private func trace(_ values: [Double], step: TimeSpan = .minutes(5)) -> DemandTrace {
        DemandTrace(name: "t", start: Workload.monday, step: step, values: values)
    }

    @Test func leadHistoryAndCapacityAreThoseOfTheScenario() throws {
        let scenario = try BacktestScenario(trace: trace((0..<2000).map(Double.init)))
        #expect(scenario.leadSteps == 2 && scenario.lead == .minutes(10))
        #expect(scenario.firstScored == 1000)
        #expect(abs(scenario.capacity - 0.995 * 1999 / 50) < 1e-9)
        let long = try BacktestScenario(trace: trace((0..<9000).map(Double.init)), resources: 10, lead: .seconds(301))
        #expect(long.firstScored == 14 * 288 && long.leadSteps == 2)
        let daily = try BacktestScenario(trace: trace((1...40).map(Double.init), step: .days(1)))
        #expect(daily.leadSteps == 1 && daily.firstScored == 14)
    }

    @Test func gapsTakeTheLastValueAndAreNotScored() throws {
        let nan = Double.nan
        let scenario = try BacktestScenario(trace: trace([nan, nan, 10, nan, 20, 30, nan, 40, 10, 10]))
        #expect(scenario.filled == [20, 20, 10, 10, 20, 30, 30, 40, 10, 10])
        var timeline = CapacityTimeline()
        for i in 0..<10 { timeline.append(ready: i == 6 ? 0 : 1000, billed: 1000) }
        #expect(scenario.score(timeline).shortfall == 0)
    }

    @Test func impossibleScenariosSayWhatIsWrong() {
        func message(_ make: () throws -> BacktestScenario) -> String {
            do {
                _ = try make()
                return ""
            } catch { return "\(error)" }
        }
        let some = trace((1...300).map(Double.init))
        #expect(message { try BacktestScenario(trace: some, resources: 0) }.contains("--resources"))
        #expect(message { try BacktestScenario(trace: some, resources: .nan) }.contains("--resources"))
        #expect(message { try BacktestScenario(trace: some, lead: .zero) }.contains("--lead"))
        #expect(message { try BacktestScenario(trace: some, price: -1) }.contains("price"))
        #expect(message { try BacktestScenario(trace: trace(Array(repeating: 0, count: 300))) }.contains("zero"))
        let half = (0..<300).map { $0 < 150 ? 1.0 : .nan }
        #expect(message { try BacktestScenario(trace: trace(half)) }.contains("blank"))
    }

    @Test func theClairvoyantPaysOneAndTheStaticPeakIsNeverShort() throws {
        for seed in 0..<20 as Range<UInt64> {
            let trace = Workload.anyLoad(seed: seed).trace(named: "any")
            guard let scenario = try? BacktestScenario(trace: trace) else { continue }
            let best = scenario.score(scenario.clairvoyant())
            #expect(abs(best.cost - 1) < 1e-12 && best.unserved < 1e-9)
            let peak = scenario.score(scenario.staticPeak())
            #expect(peak.shortfall < 1e-9 && peak.cost >= 1)
            #expect(scenario.impossibility(of: scenario.hpa(target: 0.7)) == nil)
        }
    }

    @Test func changesAndReversalsCountWhatIsPaidFor() throws {
        let scenario = try BacktestScenario(trace: trace((0..<576).map { _ in 100 }))
        var timeline = CapacityTimeline()
        for t in 0..<576 {
            // Up at +10, down at +20, up at +30, up at +40 after the first scored step.
            let since = t - scenario.firstScored
            let billed = since < 10 ? 50 : since < 20 ? 60 : since < 30 ? 55 : since < 40 ? 58 : 70
            timeline.append(ready: 50, billed: billed)
        }
        let card = scenario.scorecard("x", timeline, best: nil)
        #expect(card.reversals == 2)
        #expect(card.changesPerDay == 4)
        #expect(card.ratio == nil)
    }

    @Test func readyWithoutPayIsImpossible() throws {
        let scenario = try BacktestScenario(trace: trace((0..<576).map { _ in 100 }))
        var timeline = CapacityTimeline()
        for t in 0..<576 { timeline.append(ready: t >= 400 ? 60 : 50, billed: t >= 399 ? 60 : 50) }
        #expect(scenario.impossibility(of: timeline)?.contains("60 are ready") == true)
    }

    @Test func hugeDemandNeitherTrapsNorOverflows() throws {
        var values = (0..<400).map { Double($0 % 7) + 1 }
        values[300] = 1e300
        let scenario = try BacktestScenario(trace: trace(values))
        _ = scenario.comparison(of: scenario.clairvoyant(), named: "x")
    }
}
