import Control
import Decision
import Domain
import HTTPTypes
import StateStore

/// Fleets and their decisions.
struct FleetRoutes {
    let services: RouteServices

    var routes: [Route] { [list, one, decisions, explanation] }

    private var list: Route {
        let control = services.control
        let shape = Shape<[FleetStatus]>.list("FleetList", "fleets", "All fleets, sorted by name.", of: .fleet)
        return Route(
            method: .get,
            path: "/v1/fleets",
            permission: .read,
            operation: "listFleets",
            summary: "List fleets",
            tag: "fleets",
            success: .json(shape, "All fleets."),
            hasETag: true
        ) { _ in .json(shape, await control.fleets()) }
    }

    private var one: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/fleets/{name}",
            permission: .read,
            operation: "getFleet",
            summary: "Read a fleet",
            tag: "fleets",
            success: .json(Shape<FleetStatus>.fleet, "The fleet."),
            problems: [.notFound],
            hasETag: true
        ) { call in .json(.fleet, try await control.fleet(named: call.parameter())) }
    }

    private var decisions: Route {
        let control = services.control
        let shape = Shape<Page<StoredDecision>>
            .page(
                "DecisionPage",
                "decisions",
                "Decisions, the latest first.",
                of: .decision
            )
        return Route(
            method: .get,
            path: "/v1/fleets/{name}/decisions",
            permission: .read,
            operation: "listDecisions",
            summary: "List a fleet's decisions, the latest first",
            tag: "fleets",
            query: [
                .optional("from", .instant, "Not before this time."),
                .optional("to", .instant, "Before this time."),
                .limit(100, atMost: 1000), .cursor,
            ],
            success: .json(shape, "A page of decisions.").linked,
            problems: [.notFound, .unavailable],
            hasETag: true
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 100)
            // The cursor is the time of the last decision that was shown: a fleet has one per instant.
            let cursor = call.query.string("cursor").flatMap { Int64($0) }.map { Timestamp(milliseconds: $0) }
            let to = [cursor, call.query.instant("to")].compactMap(\.self).min()
            // One more than is shown tells whether there is a next page.
            let found = try await control.decisions(
                of: call.parameter(),
                from: call.query.instant("from"),
                to: to,
                limit: limit + 1
            )
            let shown = Array(found.suffix(limit).reversed())
            let next = found.count > limit ? shown.last.map { String(max(0, $0.at.milliseconds)) } : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }

    /// A decision in words.
    private struct Explained: Sendable {
        var record: DecisionRecord
        var lines: [String]
    }

    private var explanation: Route {
        let control = services.control
        let shape = Shape<Explained>
            .object(
                "Explanation",
                "A decision, step by step, for someone on call.",
                [
                    .member("fleet", .string) { $0.record.decision.fleet },
                    .member("at", .instant) { $0.record.decision.at },
                    .member("outcome", .string) { $0.record.decision.outcome.rawValue },
                    .member("current", .count) { $0.record.decision.current },
                    .member("target", .count) { $0.record.decision.target },
                    .member("reason", .string) { $0.record.decision.reason },
                    .member("lines", Shape<String>.string.array()) { $0.lines },
                ]
            )
        return Route(
            method: .get,
            path: "/v1/fleets/{name}/decisions/{at}/explain",
            forms: ["at": .moment],
            permission: .read,
            operation: "explainDecision",
            summary: "Explain the last decision at or before a time whose trace was kept",
            tag: "fleets",
            success: .json(shape, "The decision in words."),
            problems: [.notFound, .unavailable],
            hasETag: true
        ) { call in
            let time = try? Timestamp(iso8601: call.parameter(1))
            let record = try await control.decisionRecord(of: call.parameter(), at: time)
            return .json(shape, Explained(record: record, lines: explain(record)))
        }
    }
}
