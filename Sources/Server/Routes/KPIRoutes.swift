import Domain
import HTTPTypes
import KPIStore

/// Time series: which there are, and what they were.
struct KPIRoutes {
    let services: RouteServices

    var routes: [Route] { [list, window] }

    /// Of one answer.
    static let maximumSteps: Int64 = 11_000
    static let maximumValues = 200_000
    static let maximumWindows: Int64 = 1000

    private var list: Route {
        let store = services.kpis
        let blocking = services.blocking
        let shape = Shape<Page<SeriesKey>>.page("SeriesPage", "series", "Series, sorted.", of: .series)
        return Route(
            method: .get,
            path: "/v1/kpis",
            permission: .read,
            operation: "listSeries",
            summary: "List time series",
            tag: "kpis",
            query: [
                .optional("name", .name, "Only of this KPI."),
                .optional("labels", .string(.selector), "Only those that have all of these labels."),
                .limit(500, atMost: 5000), .cursor,
            ],
            success: .json(shape, "A page of series.").linked,
            problems: [.unavailable],
            hasETag: true
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 500)
            let selector = SeriesSelector(name: call.query.string("name"), labels: call.query.labels("labels"))
            let skipped = Int(clamping: call.query.string("cursor").flatMap { Int64($0) } ?? 0)
            let found = try await blocking.run { try store.series(matching: selector) }
            let rest = found.dropFirst(skipped)
            let shown = Array(rest.prefix(limit))
            let next = rest.count > limit ? String(skipped + limit) : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }

    private var window: Route {
        let store = services.kpis
        let blocking = services.blocking
        return Route(
            method: .get,
            path: "/v1/kpis/window",
            permission: .read,
            operation: "queryWindow",
            summary: "Read series on a regular grid",
            tag: "kpis",
            query: [
                .required("name", .name, "The KPI."),
                .optional("labels", .string(.selector), "Only series that have all of these labels."),
                .optional("from", .instant, "Start of the grid; an hour before `to` unless said otherwise."),
                .optional("to", .instant, "End of the grid; now unless said otherwise."),
                .optional("step", .duration, "Step of the grid; at most 11,000 steps.", standard: .string("1m")),
                .optional(
                    "agg",
                    .string(.choice(Aggregation.allCases.map(\.rawValue))),
                    "How the readings of a step become one.",
                    standard: .string("mean")
                ),
                .optional(
                    "limit",
                    .integer(1...Self.maximumWindows),
                    "At most so many series, the first ones.",
                    standard: .integer(100)
                ),
            ],
            success: .json(Shape<WindowAnswer>.window, "The series on the grid."),
            problems: [.unprocessable, .unavailable],
            hasETag: true
        ) { call in
            let grid = try Self.grid(call)
            let selector = SeriesSelector(name: call.query.string("name"), labels: call.query.labels("labels"))
            let aggregation = call.query.string("agg").flatMap(Aggregation.init(rawValue:)) ?? .mean
            let limit = Int(call.query.integer("limit") ?? 100)
            let series = try await blocking.run {
                let keys = try store.series(matching: selector).prefix(limit)
                guard keys.count * max(1, grid.count) <= Self.maximumValues else {
                    throw Problem(
                        .unprocessable,
                        "\(keys.count) series of \(grid.count) steps are more than the \(Self.maximumValues) values that one "
                            + "answer may have. Ask for a longer step, a shorter time or fewer series."
                    )
                }
                return try keys.map { SeriesWindow(key: $0, values: try store.window(of: $0, on: grid, aggregation)) }
            }
            return .json(.window, WindowAnswer(grid: grid, aggregation: aggregation, series: series))
        }
    }

    private static func grid(_ call: Call) throws -> WindowGrid {
        let to = call.query.instant("to") ?? call.now
        let from = call.query.instant("from") ?? to - .hours(1)
        let step = call.query.duration("step") ?? .minutes(1)
        let grid = try WindowGrid(from: from, to: to, step: step)
        guard grid.count <= maximumSteps else {
            throw Problem(
                .unprocessable,
                "The grid has \(grid.count) steps; at most \(maximumSteps) are answered. Ask for a longer step or a shorter time."
            )
        }
        return grid
    }
}
