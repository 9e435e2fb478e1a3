import Control
import Domain

/// One KPI of a collection plan, as an agent reads it.
struct PlannedKPI: Sendable, Equatable {
    enum Source: Sendable, Equatable {
        /// The agent measures it itself.
        case system
        /// It is scraped from the app beside the agent.
        case scrape(metric: String, match: [Setting], kind: Kind)
    }

    enum Kind: Sendable, Equatable {
        case gauge
        case rate
        /// Gain of the metric by gain of another.
        case ratio(per: String)
        /// Of a histogram.
        case quantile(Double)
    }

    var name: String
    var source: Source
    /// What a scraped value is multiplied by.
    var scale: Double

    init(_ wanted: CollectionRequest.Wanted) {
        name = wanted.name
        scale = 1
        // What the fleet maps, the fleet means: also where the agent could measure something of that name.
        guard let mapping = wanted.mapping else {
            source =
                Self.isSystem(wanted.name)
                ? .system : .scrape(metric: wanted.name, match: [], kind: .gauge)
            return
        }
        let kind: Kind
        if let quantile = mapping.quantile {
            kind = .quantile(quantile)
        } else if let per = mapping.per {
            kind = .ratio(per: per)
        } else {
            kind = mapping.rate ? .rate : .gauge
        }
        source = .scrape(metric: mapping.metric, match: mapping.match, kind: kind)
        if wanted.name.hasSuffix("_ms"), mapping.metric.hasSuffix("_seconds") { scale = 1000 }
    }

    /// What an agent measures by itself (`SystemKPI` in the room `Agent`, which servers do not link).
    private static func isSystem(_ name: String) -> Bool {
        switch name {
        case "cpu_utilization", "memory_utilization", "disk_io_utilization", "disk_utilization",
            "network_receive_bytes_rate", "network_transmit_bytes_rate", "load_average_1m", "load_average_5m",
            "load_average_15m", "cpu_pressure", "memory_pressure", "io_pressure":
            true
        default: false
        }
    }
}

extension Shape where Value == CollectionRequest {
    static var collectionPlan: Shape {
        .object(
            "CollectionPlan",
            "What an agent at a resource should collect.",
            [
                .member("resource", .string) { $0.resource },
                .member("fleet", .string) { $0.fleet },
                .member("persona", .string) { $0.persona },
                .member("interval_s", .count, "How often: whole seconds, from 1 to 3600.") {
                    wholeSeconds($0.interval)
                },
                .member("kpis", Shape<PlannedKPI>.plannedKPI.array()) { $0.kpis.map(PlannedKPI.init) },
            ]
        )
    }
}

/// Rounded up, as agents take it.
private func wholeSeconds(_ interval: TimeSpan) -> Int {
    Int(clamping: min(3600, max(1, interval.milliseconds / 1000 + (interval.milliseconds % 1000 > 0 ? 1 : 0))))
}

extension Shape where Value == PlannedKPI {
    /// Members that do not apply are left out, since agents read plans with little.
    static var plannedKPI: Shape {
        let schema = Schema(
            .object([
                .required("name", .string()),
                .required("source", .string(.choice(["system", "scrape"])), "`system`: measured by the agent itself."),
                .optional("metric", .string(), "Name of the metric to scrape."),
                .optional("kind", .string(.choice(["gauge", "rate", "ratio", "quantile"]))),
                .optional("per", .string(), "Of a ratio: the metric whose gain it is divided by."),
                .optional("quantile", .number, "Of a histogram."),
                .optional("scale", .number, "What the value is multiplied by."),
                .optional("match", Schema(.map(.string(), maximum: nil)), "Labels that must match."),
            ]),
            "A KPI to collect."
        )
        return Shape(Schema(.named("PlannedKPI", schema))) { kpi, writer in
            writer.object { writer in
                writer.member("name") { $0.string(kpi.name) }
                guard case .scrape(let metric, let match, let kind) = kpi.source else {
                    writer.member("source") { $0.string("system") }
                    return
                }
                writer.member("source") { $0.string("scrape") }
                writer.member("metric") { $0.string(metric) }
                writer.member("kind") { $0.string(kind.name) }
                if case .ratio(let per) = kind { writer.member("per") { $0.string(per) } }
                if case .quantile(let level) = kind { writer.member("quantile") { $0.number(level) } }
                if kpi.scale != 1 { writer.member("scale") { $0.number(kpi.scale) } }
                writer.member("match") { Shape<[Setting]>.labels.write(match, &$0) }
            }
        }
    }
}

extension PlannedKPI.Kind {
    fileprivate var name: String {
        switch self {
        case .gauge: "gauge"
        case .rate: "rate"
        case .ratio: "ratio"
        case .quantile: "quantile"
        }
    }
}
