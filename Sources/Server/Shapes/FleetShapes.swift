import Control
import Domain
import StateStore

extension Shape where Value == FleetStatus {
    static var fleet: Shape {
        .object(
            "Fleet",
            "A fleet as it is at this moment.",
            [
                .member("name", .string) { $0.name },
                .member("driver", .string) { $0.driver },
                .member("mode", .choice(Mode.allCases.map(\.rawValue)), "What the fleet may do of itself.") {
                    $0.mode.rawValue
                },
                .member("personas", Shape<String>.string.array(), "The first is the default.") { $0.personas },
                .member("policies", Shape<String>.string.array()) { $0.policies },
                .member("ready", .count, "Resources that serve.") { $0.ready },
                .member("starting", .count) { $0.starting },
                .member("draining", .count) { $0.draining },
                .member("target", Shape<Int>.count.orNull, "Resources asked for.") { $0.target },
                .member("demand", .number, "Demand now; null where it is not known.") { $0.demand ?? .nan },
                .member("demand_status", .string, "`ok`, or why demand is not known.") { $0.demandStatus },
                .member("demand_unit", .string) { $0.demandUnit },
                .member("forecast", Shape<FleetStatus.ForecastStatus>.forecast.orNull) { $0.forecast },
                .member("last_decision", Shape<FleetStatus.DecisionSummary>.decisionSummary.orNull) { $0.lastDecision },
                .member("driver_health", Shape<DriverStatus>.driverStatus) { $0.driverHealth },
                .member("notes", Shape<String>.string.array(), "What a person on call should know.") { $0.notes },
            ]
        )
    }
}

extension Shape where Value == FleetStatus.ForecastStatus {
    static var forecast: Shape {
        .object(
            "Forecast",
            "Demand one lead time ahead.",
            [
                .member("model", .string) { $0.model },
                .member("trust", .number, "0 to 1.") { $0.trust },
                .member("quantile", .number, "The level that the personas' costs ask for.") { $0.quantile },
                .member("ahead", .number, "Demand at that quantile.") { $0.ahead },
                .member("median", .number) { $0.median },
                .member("lead_time_s", .seconds) { $0.leadTime },
            ]
        )
    }
}

extension Shape where Value == FleetStatus.DecisionSummary {
    static var decisionSummary: Shape {
        .object(
            "DecisionSummary",
            "The last decision.",
            [
                .member("at", .instant) { $0.at },
                .member("outcome", .string) { $0.outcome },
                .member("current", .count) { $0.current },
                .member("target", .count) { $0.target },
                .member("reason", .string) { $0.reason },
            ]
        )
    }
}

extension Shape where Value == StoredDecision {
    static var decision: Shape {
        .object(
            "Decision",
            "A decision as it is kept.",
            [
                .member("fleet", .string) { $0.fleet },
                .member("at", .instant) { $0.at },
                .member("outcome", .string) { $0.outcome },
                .member("current", .count, "Asked for before.") { $0.current },
                .member("target", .count, "Asked for from then on.") { $0.target },
                .member("reason", .string) { $0.reason },
                .member("input_digest", .string) { $0.inputDigest },
                .member("is_traced", .bool, "Its whole trace was kept, so it can be explained and replayed.") {
                    if case .full = $0.trace { true } else { false }
                },
            ]
        )
    }
}

/// A list, cut into pages.
struct Page<Element: Sendable>: Sendable {
    var elements: [Element]
    /// Cursor of the next page; nil on the last one.
    var next: String?
}

extension Shape {
    /// `{ "decisions": [ … ], "next": … }`
    static func page<Element>(
        _ name: String,
        _ member: String,
        _ about: String,
        of element: Shape<Element>
    ) -> Shape where Value == Page<Element> {
        .object(
            name,
            about,
            [
                .member(member, element.array()) { $0.elements },
                .member("next", Shape<String>.string.orNull, "Cursor of the next page; null on the last one.") {
                    $0.next
                },
            ]
        )
    }

    /// `{ "fleets": [ … ] }`
    static func list<Element>(
        _ name: String,
        _ member: String,
        _ about: String,
        of element: Shape<Element>
    ) -> Shape where Value == [Element] {
        .object(name, about, [.member(member, element.array()) { $0 }])
    }
}
