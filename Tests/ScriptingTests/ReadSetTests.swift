import Decision
import Domain
import Testing

@testable import Scripting

struct ReadSetTests {
    private static let queue = SeriesQuery(kpi: "queue_length", window: .hours(1))
    private static let look = "kpi(\"queue_length\"):last()"

    @Test func whatWasFetchedIsSentAlongNextTime() {
        var reads = ReadSet()
        reads.finish(
            fetched: [.series(Self.queue), .forecast(ForecastQuery(ahead: .minutes(30), quantile: 0.9))],
            calls: []
        )
        #expect(reads.series == [Self.queue])
        #expect(reads.forecast.count == 1)
        #expect(reads.kpis == ["queue_length"])
    }

    @Test func theWidestWindowStays() {
        var reads = ReadSet()
        var wide = Self.queue
        wide.window = .hours(5)
        reads.finish(fetched: [.series(Self.queue), .series(wide)], calls: [Self.look])
        reads.finish(fetched: [.series(Self.queue)], calls: [Self.look])
        #expect(reads.series == [wide])
        reads.finish(
            fetched: [
                .forecast(ForecastQuery(ahead: .hours(1), quantile: 0.9)),
                .forecast(ForecastQuery(ahead: .minutes(5), quantile: 0.9)),
                .forecast(ForecastQuery(ahead: .minutes(5), quantile: 0.5)),
            ],
            calls: []
        )
        #expect(reads.forecast.map(\.ahead) == [.hours(1), .minutes(5)])
    }

    @Test func whatIsNoLongerReadIsForgotten() {
        var reads = ReadSet()
        reads.finish(fetched: [.series(Self.queue)], calls: [Self.look])
        for _ in 0..<ReadSet.runsKept - 1 { reads.finish(fetched: [], calls: []) }
        #expect(reads.series == [Self.queue])
        reads.finish(fetched: [], calls: [Self.look])
        for _ in 0..<ReadSet.runsKept { reads.finish(fetched: [], calls: []) }
        #expect(reads.series.isEmpty)
    }

    @Test func thereIsABound() {
        var reads = ReadSet()
        let many = (0..<1000).map { ReadSet.Query.series(SeriesQuery(kpi: "kpi_\($0)", window: .hours(1))) }
        reads.finish(fetched: many, calls: [])
        #expect(reads.series.count == ReadSet.most)
    }
}
