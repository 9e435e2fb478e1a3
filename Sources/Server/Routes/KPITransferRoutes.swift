import Control
import Domain
import HTTPTypes
import KPIStore
import NIOCore

/// Readings out of the store and into it, as files.
struct KPITransferRoutes {
    let services: RouteServices

    var routes: [Route] { [export, load] }

    static let maximumReadings = 150_000
    static let maximumBytes = 12 << 20

    private static let exported = Shape<[SeriesReadings]>
        .list(
            "Readings",
            "series",
            "Readings of several series.",
            of: .readings
        )

    private var export: Route {
        let store = services.kpis
        let blocking = services.blocking
        return Route(
            method: .get,
            path: "/v1/kpis/export",
            permission: .read,
            operation: "exportKPIs",
            summary: "Read raw readings, as JSON or as text lines",
            tag: "kpis",
            query: [
                .optional("name", .name, "Only of this KPI."),
                .optional("labels", .string(.selector), "Only series that have all of these labels."),
                .optional("from", .instant, "Not before this time; an hour before `to` unless said otherwise."),
                .optional("to", .instant, "Before this time; now unless said otherwise."),
            ],
            success: Route.Success(
                status: .ok,
                about: "The readings; text lines are `name{label=\"value\"} value milliseconds`.",
                contents: [(.json, Self.exported.schema), (.text, nil)]
            ),
            problems: [.unprocessable, .unavailable]
        ) { call in
            let to = call.query.instant("to") ?? call.now
            let from = call.query.instant("from") ?? to - .hours(1)
            let selector = SeriesSelector(name: call.query.string("name"), labels: call.query.labels("labels"))
            let readings = try await blocking.run { try Self.read(store, selector, from, to) }
            guard Negotiation.choose(call.headers[.accept], [.json, .text]) == .text else {
                return .json(Self.exported, readings)
            }
            return Answer(.ok, type: .text, body: ReadingLines.write(readings))
        }
    }

    private static func read(
        _ store: KPIStore,
        _ selector: SeriesSelector,
        _ from: Timestamp,
        _ to: Timestamp
    ) throws -> [SeriesReadings] {
        var readings: [SeriesReadings] = []
        var count = 0
        for key in try store.series(matching: selector) {
            let samples = try store.samples(of: key, from: from, to: to)
            guard !samples.isEmpty else { continue }
            count += samples.count
            guard count <= maximumReadings else {
                throw Problem(
                    .unprocessable,
                    "More than \(maximumReadings) readings are meant, which is what one answer may have. Ask for a shorter time or "
                        + "fewer series, and several times."
                )
            }
            readings.append(SeriesReadings(key: key, samples: samples))
        }
        return readings
    }

    private var load: Route {
        let services = services
        let series = Schema(
            .named(
                "ImportedSeries",
                .object(
                    .required("name", .name, "Of the KPI."),
                    .optional("labels", .labels),
                    .required(
                        "times",
                        .array(of: .integer(0...253_402_300_799_999), atMost: Self.maximumReadings),
                        "Milliseconds since 1970, UTC."
                    ),
                    .required("values", .array(of: .number, atMost: Self.maximumReadings), "As many as `times`.")
                )
            )
        )
        let body = Schema(
            .named("ReadingsImport", .object(.required("series", .array(of: series, atMost: 10_000))))
        )
        return Route(
            method: .post,
            path: "/v1/kpis/import",
            permission: .operate,
            operation: "importKPIs",
            summary: "Store readings, all or none: JSON, or text lines as `export` writes them",
            tag: "kpis",
            body: Route.Body(
                form: .jsonOrText(body, about: "Lines `name{label=\"value\"} value milliseconds`."),
                maximumBytes: Self.maximumBytes
            ),
            success: .json(Shape<ImportCount>.importCount, "What was stored."),
            problems: [.unprocessable, .unavailable],
            action: "import KPIs"
        ) { call in
            let readings =
                try call.raw.map { try ReadingLines.read(Array($0.readableBytesView)) } ?? ImportedReadings(call.json)
            guard readings.count <= Self.maximumReadings else {
                throw Problem(
                    .unprocessable,
                    "There are \(readings.count) readings; at most \(Self.maximumReadings) are taken at once. Nothing was stored."
                )
            }
            let receiver = services.receiver
            try receiver.checkTimes(of: readings, at: call.now)
            try await receiver.follow()
            let fleets = try await services.blocking.run { try receiver.store(readings) }
            if !fleets.isEmpty { services.control.noteArrival(fleets: fleets, at: call.now) }
            let count = ImportCount(series: readings.series.count, samples: readings.count)
            call.notes.note("\(count.samples) readings of \(count.series) series")
            return .json(.importCount, count)
        }
    }
}
