import Control
import Domain
import HTTPTypes
import StateStore

/// The log of decisions, which proves itself.
struct LogRoutes {
    let services: RouteServices

    var routes: [Route] { [verify, export] }

    private var verify: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/log/verify",
            permission: .administer,
            operation: "verifyLog",
            summary: "Walk the whole log of decisions: every link, every seal",
            tag: "log",
            success: .json(Shape<LogReport>.logReport, "What was found."),
            problems: [.unavailable]
        ) { _ in .json(.logReport, try await control.verifyLog()) }
    }

    private var export: Route {
        let control = services.control
        let shape = Shape<Page<StoredDecision>>
            .page("LogPage", "decisions", "Linked decisions in their order.", of: .linkedDecision)
        return Route(
            method: .get,
            path: "/v1/fleets/{name}/log",
            permission: .read,
            operation: "exportLog",
            summary: "Read a fleet's log of decisions from its beginning, with traces and links",
            tag: "log",
            query: [.limit(100, atMost: 1000), .cursor],
            success: .json(shape, "A page of the log.").linked,
            problems: [.unavailable]
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 100)
            let after = call.query.string("cursor").flatMap { Int64($0) } ?? 0
            let found = try await control.log(of: call.parameter(), after: after, limit: limit + 1)
            let shown = Array(found.prefix(limit))
            let next = found.count > limit ? shown.last.map { String($0.sequence) } : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }
}
