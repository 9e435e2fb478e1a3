import Decision
import Domain
import KPIStore
import Scripting
import Testing

@testable import Control

/// What policies are told of a series.
struct FleetSeriesTests {
    /// One resource that has said something once.
    private struct OneReading: FleetReadings {
        let time: Timestamp

        func configure(_ definitions: [RollupDefinition], at now: Timestamp) {}
        func recall(fleet: String, kpi: String, from: Timestamp, until: Timestamp) {}
        func personaChanged(fleet: String, resource: String, from: Timestamp, until: Timestamp) {}
        func lastHeard(fleet: String, kpi: String, persona: String?) -> LastHeard? {
            LastHeard(heard: time, valued: time)
        }

        func window(
            fleet: String,
            kpi: String,
            persona: String?,
            resource: String?,
            _ aggregate: RollupAggregate,
            on grid: WindowGrid
        ) -> [Double] {
            (0..<grid.count)
                .map { i in
                    let start = grid.start.milliseconds + Int64(i) * grid.step.milliseconds
                    return (start..<start + grid.step.milliseconds).contains(time.milliseconds) ? 1 : .nan
                }
        }
    }

    private func answer(_ query: SeriesQuery, heard minutes: Int64, grid: TimeSpan = .minutes(1)) -> SeriesAnswer {
        let series = FleetSeries(
            fleet: Fleet(name: "shop", personas: ["web"], demand: .kpi("request_rate"), grid: grid),
            personas: [],
            readings: OneReading(time: now - .minutes(minutes))
        )
        let ready = [ResourceGroup(persona: "web", state: .ready, since: now - .days(1), count: 1)]
        return series.answer(query, at: now, groups: ready)
    }

    private let now = Timestamp(milliseconds: 1_772_452_800_000)

    /// However far a run before has looked back, which is what decides how much is fetched.
    @Test(arguments: [(Int64(1), SeriesAnswer.Status.ok), (30, .stale), (90, .missing), (5000, .missing)])
    func theWordForAResourceHangsOnItsReadingsAlone(minutes: Int64, status: SeriesAnswer.Status) {
        for window in [TimeSpan.hours(1), .hours(3), .days(1), .days(30)] {
            let query = SeriesQuery(kpi: "cpu", resource: "shop-1", window: window)
            let answer = answer(query, heard: minutes)
            #expect(answer.status == status, "\(window)")
            #expect(answer.values.count == Int(window.milliseconds / 60_000))
            #expect(answer.start == now + .minutes(1) - window)
        }
    }

    /// One that reports each hour is no stranger at the beginning of the next.
    @Test(arguments: [(Int64(1), SeriesAnswer.Status.ok), (61, .ok), (150, .ok), (300, .stale), (700, .missing)])
    func onACoarseGridItMayBeSilentForLonger(minutes: Int64, status: SeriesAnswer.Status) {
        for window in [TimeSpan.hours(1), .hours(3), .days(1), .days(30)] {
            let query = SeriesQuery(kpi: "cpu", resource: "shop-1", window: window)
            #expect(answer(query, heard: minutes, grid: .hours(1)).status == status, "\(window)")
        }
    }
}
