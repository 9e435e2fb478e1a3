import Domain
import Testing

@testable import Simulation

struct WorkloadTests {
    @Test(arguments: Workload.presets)
    func presetsAreTheSameEachTimeAndFitForABacktest(name: String) throws {
        let workload = try #require(Workload.preset(name))
        let (a, b) = (workload.trace(named: name), workload.trace(named: name))
        #expect(zip(a.values, b.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        #expect(a.values.allSatisfy { $0.isNaN || $0 >= 0 })
        let other = try #require(Workload.preset(name, seed: 2)).trace(named: name)
        #expect(!zip(a.values, other.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        _ = try BacktestScenario(trace: a)
        let read = try DemandTrace(csv: Array(a.csv.utf8), file: name)
        #expect(zip(a.values, read.values).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
    }

    @Test func unknownPresetsAreNone() {
        #expect(Workload.preset("nothing") == nil)
        #expect(Workload.presets == Workload.presets.sorted())
    }

    /// Fixed for good: a change of the generator would change every recorded result.
    @Test func numbersAreThoseOfTheFirstDay() {
        var generator = SeededGenerator(seed: 1_234_567)
        // The reference values of SplitMix64's author for this seed.
        let drawn = (0..<3).map { _ in generator.next() }
        #expect(drawn == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
        let noise = Workload(count: 3, seed: 1, parts: [.base(100), .noise(level: 0.1, memory: .minutes(10))])
        #expect(
            noise.trace(named: "n").values == Workload(count: 3, seed: 1, parts: noise.parts).trace(named: "n").values
        )
    }

    @Test func daysPeakInTheEveningAndWeekendsAreQuiet() throws {
        let workload = Workload(
            step: .hours(1),
            count: 168,
            parts: [.base(100), .daily(swing: 0.8, peakHour: 20), .weekly(weekend: 0.5)]
        )
        let values = workload.trace(named: "w").values
        for day in 0..<5 {
            let hours = values[day * 24..<day * 24 + 24]
            #expect(hours.max() == values[day * 24 + 20])
            #expect(hours.min() == values[day * 24 + 5])
        }
        #expect(values[20] == 100 && abs(values[5] - 20) < 0.001)
        #expect(values[5 * 24 + 20] == 50 && values[6 * 24 + 20] == 50)
    }

    @Test func flashCrowdsRiseSharplyAndHalve() {
        let workload = Workload(
            count: 600,
            parts: [.base(10), .flashCrowd(at: .minutes(100), factor: 5, rise: .minutes(10), halfLife: .minutes(30))]
        )
        let values = workload.trace(named: "f").values
        #expect(values[100] == 10 && values[105] == 30 && values[110] == 50 && values[140] == 30)
        #expect(values[500] < 10.01)
    }

    @Test func outagesAreZeroOrGaps() {
        func values(_ measured: Bool) -> [Double] {
            let outage = WorkloadPart.outage(at: .minutes(3), duration: .minutes(2), measured: measured)
            return Workload(count: 6, parts: [.base(10), outage]).trace(named: "o").values
        }
        #expect(values(true) == [10, 10, 10, 0, 0, 10])
        #expect(values(false).map(\.isNaN) == [false, false, false, true, true, false])
    }

    @Test func noiseHasTheMeanSpreadAndMemoryItWasGiven() {
        let parts: [WorkloadPart] = [.base(100), .noise(level: 0.2, memory: .minutes(30))]
        let values = Workload(count: 40_000, seed: 3, parts: parts).trace(named: "n").values
        let mean = values.reduce(0, +) / 40_000
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 40_000
        let product = zip(values, values.dropFirst(30)).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / 39_970
        #expect(abs(mean - 100) < 2)
        #expect(abs(variance.squareRoot() - 20) < 2)
        #expect(abs(product / variance - 0.37) < 0.08)
    }

    @Test func anyLoadIsNeverNegativeNeverInfiniteAndRarelyTheSame() {
        var seen: Set<Double> = []
        for seed in 0..<60 as Range<UInt64> {
            let trace = Workload.anyLoad(seed: seed, step: .minutes(15)).trace(named: "a")
            #expect(trace.count == 384)
            #expect(trace.values.allSatisfy { $0.isNaN || ($0 >= 0 && $0.isFinite) })
            seen.insert(trace.values.first { $0 > 0 } ?? -1)
        }
        #expect(seen.count > 55)
        #expect(Workload.anyLoad(seed: 5) == Workload.anyLoad(seed: 5))
    }
}
