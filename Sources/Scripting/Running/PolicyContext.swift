package import Decision
package import Domain

/// All that a policy may see at one instant: the inputs of `ctx`.
package struct PolicyContext: Sendable {
    package var fleet: Fleet
    /// Those that the fleet names; in any order.
    package var personas: [Persona]
    package var now: Timestamp
    package var capacity: [ResourceGroup]
    /// Demand that a resource of a persona serves, where that is other than what the persona declares.
    package var served: [String: Double]
    /// Model and trust of the forecast; nil while nothing is known.
    package var outlook: DemandOutlook?
    package var specialDays: [SpecialDay]
    /// Answers what a policy asks of a series, and `ctx.demand`.
    package var series: @Sendable (SeriesQuery) -> SeriesAnswer
    /// Answers what a policy asks of the forecast; nil where nothing is known yet.
    package var forecast: @Sendable (ForecastQuery) -> ForecastAnswer?
    /// Source of the policy's random numbers.
    package var seed: UInt64

    package init(
        fleet: Fleet,
        personas: [Persona],
        now: Timestamp,
        capacity: [ResourceGroup],
        served: [String: Double] = [:],
        outlook: DemandOutlook? = nil,
        specialDays: [SpecialDay] = [],
        seed: UInt64 = 0,
        series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer,
        forecast: @escaping @Sendable (ForecastQuery) -> ForecastAnswer? = { _ in nil }
    ) {
        self.fleet = fleet
        self.personas = personas
        self.now = now
        self.capacity = capacity
        self.served = served
        self.outlook = outlook
        self.specialDays = specialDays
        self.series = series
        self.forecast = forecast
        self.seed = seed
    }
}

/// A day that is not like its weekday: a holiday, a sale.
///
/// `date` is in the fleet's zone, `2026-12-24`.
package struct SpecialDay: Hashable, Sendable, Codable {
    package var date: String
    package var name: String

    package init(date: String, name: String) {
        self.date = date
        self.name = name
    }
}

/// Which series is asked for, and how far back.
package struct SeriesQuery: Hashable, Sendable {
    package var kpi: String
    /// Only resources of this persona.
    package var persona: String?
    /// Only this resource.
    package var resource: String?
    /// How the resources' values of a step become one: `mean`, `sum`, `max`, `min`, `p50` … `p99`.
    package var aggregate: String
    /// It is the fleet's demand (`ctx.demand`), made the way the loop makes it.
    package var isDemand: Bool
    /// The span up to now that is looked at.
    package var window: TimeSpan

    package init(
        kpi: String,
        persona: String? = nil,
        resource: String? = nil,
        aggregate: String = "mean",
        isDemand: Bool = false,
        window: TimeSpan
    ) {
        self.kpi = kpi
        self.persona = persona
        self.resource = resource
        self.aggregate = aggregate
        self.isDemand = isDemand
        self.window = window
    }
}

/// A series on a regular grid, as far as it is known, with what may be thought of it.
package struct SeriesAnswer: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        case ok
        /// No resource is there to report, or there is no traffic to measure. Not blindness.
        case idle
        case missing
        case stale
        case nan
        case sourceDown = "source_down"
    }

    package var status: Status
    /// Time of the first value.
    package var start: Timestamp
    package var step: TimeSpan
    /// NaN = gap; none of it later than now.
    package var values: [Double]

    package init(status: Status, start: Timestamp, step: TimeSpan, values: [Double]) {
        self.status = status
        self.start = start
        self.step = step
        self.values = values
    }

    /// There is no such series.
    package static let missing = SeriesAnswer(
        status: .missing,
        start: Timestamp(milliseconds: 0),
        step: .minutes(1),
        values: []
    )
}

/// Which part of the forecast is asked for.
package struct ForecastQuery: Hashable, Sendable {
    /// From now.
    package var ahead: TimeSpan
    package var quantile: Double

    package init(ahead: TimeSpan, quantile: Double) {
        self.ahead = ahead
        self.quantile = quantile
    }
}

/// Demand at one quantile: `values[i]` at `origin + step × (i + 1)`, through `ahead` at least, if the model reaches that far.
package struct ForecastAnswer: Hashable, Sendable {
    package var origin: Timestamp
    package var step: TimeSpan
    package var values: [Double]

    package init(origin: Timestamp, step: TimeSpan, values: [Double]) {
        self.origin = origin
        self.step = step
        self.values = values
    }
}
