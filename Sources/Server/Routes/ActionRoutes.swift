import Control
import Domain
import HTTPTypes
import StateStore

/// The journal of actions, and a person's word on those that await one.
struct ActionRoutes {
    let services: RouteServices

    var routes: [Route] { [list, decision(approve: true), decision(approve: false)] }

    private var list: Route {
        let control = services.control
        let shape = Shape<Page<StoredAction>>.page("ActionPage", "actions", "Actions, the latest first.", of: .action)
        let states = ["open"] + StoredAction.State.allCases.map(\.rawValue)
        return Route(
            method: .get,
            path: "/v1/actions",
            permission: .read,
            operation: "listActions",
            summary: "List what was, is or shall be done to fleets",
            tag: "actions",
            query: [
                .optional("fleet", .name, "Only those of this fleet."),
                .optional(
                    "state",
                    .string(.choice(states)),
                    "Only those in this state; `open`: those that are not over."
                ),
                .limit(100, atMost: 1000), .cursor,
            ],
            success: .json(shape, "A page of actions.").linked,
            problems: [.notFound, .unavailable]
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 100)
            let state = call.query.string("state")
            let states: Set<StoredAction.State>? =
                state == "open"
                ? Set(StoredAction.State.allCases.filter { !$0.isOver })
                : state.flatMap(StoredAction.State.init(rawValue:)).map { [$0] }
            let found = try await control.actions(
                ActionSelection(
                    fleet: call.query.string("fleet"),
                    states: states,
                    before: call.query.string("cursor").flatMap { Int64($0) },
                    limit: limit + 1
                )
            )
            let shown = Array(found.prefix(limit))
            let next = found.count > limit ? shown.last.map { String($0.id) } : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }

    private func decision(approve: Bool) -> Route {
        let control = services.control
        let body = Schema(
            .named("ActionWord", .object(.optional("reason", .string(.prose(500)), "Why, for whoever reads it later.")))
        )
        return Route(
            method: .post,
            path: approve ? "/v1/actions/{id}/approve" : "/v1/actions/{id}/reject",
            forms: ["id": .digits],
            permission: .operate,
            operation: approve ? "approveAction" : "rejectAction",
            summary: approve
                ? "Approve an action: it is checked once more, and carried out"
                : "Reject an action: it is never carried out",
            tag: "actions",
            body: .json(body),
            success: .json(Shape<StoredAction>.action, "The action."),
            problems: [.notFound, .conflict, .unavailable],
            action: approve ? "approve action" : "reject action"
        ) { call in
            let id = Int64(call.parameter()) ?? 0
            let reason = call["reason"]?.string ?? ""
            let action = try await control.decide(action: id, approve: approve, reason: reason, by: call.caller.name)
            call.notes.note("\(action.fleet): \(action.summary)" + (reason.isEmpty ? "" : ": \(reason)"))
            return .json(.action, action)
        }
    }
}
