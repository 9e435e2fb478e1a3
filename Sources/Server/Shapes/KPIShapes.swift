import Domain
import KPIStore

extension Shape where Value == SeriesKey {
    static var series: Shape {
        .object(
            "Series",
            "What a time series is called.",
            [.member("name", .string) { $0.name }, .member("labels", .labels) { $0.labels }]
        )
    }
}

/// One series on a grid.
struct SeriesWindow: Sendable {
    var key: SeriesKey
    var values: [Double]
}

extension Shape where Value == SeriesWindow {
    static var seriesWindow: Shape {
        .object(
            "SeriesWindow",
            "A series on the grid; null where a step has no value.",
            [
                .member("name", .string) { $0.key.name },
                .member("labels", .labels) { $0.key.labels },
                .member("values", Shape<Double>.number.array()) { $0.values },
            ]
        )
    }
}

/// Several series on one grid.
struct WindowAnswer: Sendable {
    var grid: WindowGrid
    var aggregation: Aggregation
    var series: [SeriesWindow]
}

extension Shape where Value == WindowAnswer {
    static var window: Shape {
        .object(
            "Window",
            "Series on a regular grid: element k is about `from + k·step_s` to `from + (k + 1)·step_s`.",
            [
                .member("from", .instant) { $0.grid.start },
                .member("to", .instant) { $0.grid.end },
                .member("step_s", .seconds) { $0.grid.step },
                .member("aggregation", .choice(Aggregation.allCases.map(\.rawValue))) { $0.aggregation.rawValue },
                .member("series", Shape<SeriesWindow>.seriesWindow.array()) { $0.series },
            ]
        )
    }
}

/// Readings of one series, as they are exported and imported.
struct SeriesReadings: Sendable {
    var key: SeriesKey
    var samples: Samples
}

extension Shape where Value == SeriesReadings {
    static var readings: Shape {
        .object(
            "SeriesReadings",
            "Readings of a series: two columns of equal length.",
            [
                .member("name", .string) { $0.key.name },
                .member("labels", .labels) { $0.key.labels },
                .member("times", Shape<Int64>.integer.array(), "Milliseconds since 1970, UTC.") { $0.samples.times },
                .member("values", Shape<Double>.number.array(), "null for what is not a finite number.") {
                    $0.samples.values
                },
            ]
        )
    }
}

/// What an import stored.
struct ImportCount: Sendable {
    var series: Int
    var samples: Int
}

extension Shape where Value == ImportCount {
    static var importCount: Shape {
        .object(
            "ImportCount",
            "What was stored.",
            [.member("series", .count) { $0.series }, .member("samples", .count) { $0.samples }]
        )
    }
}
