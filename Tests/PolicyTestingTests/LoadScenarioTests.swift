import Domain
import Simulation
import Testing

@testable import PolicyTesting
@testable import Scripting

struct LoadScenarioTests {
    private func trace(_ load: LoadScenario, days: Int64 = 14, history: TimeSpan = .zero) throws -> DemandTrace {
        let now = try #require(LocalTime("2026-03-02 00:00"))
        return load.workload(endingAfter: .days(days), history: history, now: now, step: .minutes(10))
            .trace(named: "load")
    }

    private func load(
        daily: Double = 0,
        weekly: Double = 0,
        growth: Double = 0,
        noise: Double = 0,
        spike: LoadScenario.Spike? = nil,
        outage: LoadScenario.Outage? = nil
    ) -> LoadScenario {
        LoadScenario(
            level: 400,
            daily: daily,
            weekly: weekly,
            growth: growth,
            noise: noise,
            spike: spike,
            outage: outage,
            seed: 7
        )
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    @Test func theLevelIsTheMeanWhateverSwings() throws {
        #expect(try trace(load()).values.allSatisfy { $0 == 400 })
        for swinging in [load(daily: 0.8), load(weekly: 0.5), load(daily: 0.5, weekly: 0.3)] {
            let values = try trace(swinging).values
            #expect(abs(mean(values) / 400 - 1) < 0.02)
            #expect((values.max() ?? 0) > 440)
        }
    }

    @Test func growthIsPerDay() throws {
        let values = try trace(load(growth: 0.1), days: 2).values
        #expect(abs(values[144] / values[0] - 1.1) < 0.001)
    }

    @Test func spikeAndOutageAreCountedFromNow() throws {
        let values = try trace(
            load(
                spike: .init(at: .hours(2), factor: 3, lasts: .minutes(30)),
                outage: .init(at: .hours(5), lasts: .minutes(20))
            ),
            days: 1,
            history: .days(1)
        )
        .values
        #expect(values[144 + 11] == 400)
        #expect(values[(144 + 12)..<(144 + 15)].allSatisfy { $0 == 1200 })
        #expect(values[144 + 15] == 400)
        #expect(values[144 + 29] == 400)
        #expect(values[(144 + 30)..<(144 + 32)].allSatisfy { $0.isNaN })
        #expect(values[144 + 32] == 400)
    }

    @Test func equalSeedsAreEqualLoads() throws {
        #expect(try trace(load(noise: 0.2)).values == trace(load(noise: 0.2)).values)
        var other = load(noise: 0.2)
        other.seed = 8
        #expect(try trace(load(noise: 0.2)).values != trace(other).values)
    }
}
