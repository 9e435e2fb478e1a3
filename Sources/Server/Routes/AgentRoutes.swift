import Control
import Domain
import HTTPTypes
import ServiceLifecycle

/// What an agent should collect.
struct AgentRoutes {
    let services: RouteServices

    var routes: [Route] { [plan] }

    /// How often a waiting agent's plan is looked at: a change is followed within this time.
    private static let look = Duration.milliseconds(500)

    private var plan: Route {
        let services = services
        return Route(
            method: .get,
            path: "/v1/agents/{resource}/plan",
            permission: .readPlan,
            operation: "getCollectionPlan",
            summary: "Read what an agent at a resource should collect; wait for a change on request",
            tag: "agents",
            query: [
                .optional(
                    "wait",
                    .integer(0...60),
                    "With `If-None-Match`: seconds to wait for a plan that is another one, before 304.",
                    standard: .integer(0)
                )
            ],
            success: .json(Shape<CollectionRequest>.collectionPlan, "The plan."),
            problems: [.notFound],
            hasETag: true
        ) { call in
            let first = try await Self.answer(services, call)
            guard let header = call.headers[.ifNoneMatch], let wait = call.query.integer("wait"), wait > 0,
                // Any plan is named by it, so there is none to wait for.
                header.trimmed != "*"
            else { return first }
            return try await Self.wait(for: .seconds(wait), header, first, services, call)
        }
    }

    private static func answer(_ services: RouteServices, _ call: Call) async throws -> Answer {
        guard let request = await services.control.collectionPlan(for: call.parameter()) else {
            throw Problem(
                .notFound,
                "Resource \"\(call.parameter())\" is not known (yet): its driver has not described it. Ask again later."
            )
        }
        return .json(.collectionPlan, request)
    }

    /// Returns the first plan whose ETag the header does not name, or the last one seen when the time is over or the server stops.
    private static func wait(
        for time: Duration,
        _ header: String,
        _ first: Answer,
        _ services: RouteServices,
        _ call: Call
    ) async throws -> Answer {
        var answer = first
        var left = time
        while left > .zero, EntityTag.names(header, EntityTag.of(answer.body), isWeak: true) {
            let pause = min(left, look)
            let clock = services.clock
            do {
                try await cancelWhenGracefulShutdown { try await clock.sleep(for: pause) }
            } catch is CancellationError {
                return answer
            }
            left -= pause
            answer = try await Self.answer(services, call)
        }
        return answer
    }
}
