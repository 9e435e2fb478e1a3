import Control
import Domain
import HTTPTypes
import StateStore

/// Resources, and the persona that each plays.
struct ResourceRoutes {
    let services: RouteServices

    var routes: [Route] { [list, one, persona, assign, release, history] }

    private var list: Route {
        let control = services.control
        let shape = Shape<Page<ResourceStatus>>
            .page(
                "ResourcePage",
                "resources",
                "Resources, sorted by fleet and id.",
                of: .resource
            )
        return Route(
            method: .get,
            path: "/v1/resources",
            permission: .read,
            operation: "listResources",
            summary: "List resources",
            tag: "resources",
            query: [
                .optional("fleet", .name, "Only of this fleet."),
                .optional("labels", .string(.selector), "Only those that have all of these labels: `zone=a,tier=web`."),
                .optional("persona", .name, "Only those that play this persona."),
                .optional("state", .string(.choice(ResourceState.allCases.map(\.rawValue))), "Only in this state."),
                .limit(500, atMost: 5000), .textCursor,
            ],
            success: .json(shape, "A page of resources.").linked,
            problems: [.notFound],
            hasETag: true
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 500)
            let persona = call.query.string("persona")
            let state = call.query.string("state")
            let all = try await control.resources(
                fleet: call.query.string("fleet"),
                labels: call.query.labels("labels")
            )
            let after = call.query.string("cursor").map(ResourceCursor.init)
            let matching = all.lazy.filter { status in
                (persona.map { $0 == status.resource.persona } ?? true)
                    && (state.map { $0 == status.resource.state.rawValue } ?? true)
                    && (after.map { $0 < ResourceCursor(status) } ?? true)
            }
            let found = Array(matching.prefix(limit + 1))
            let shown = Array(found.prefix(limit))
            let next = found.count > limit ? shown.last.map { ResourceCursor($0).text } : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }

    private var one: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/resources/{id}",
            permission: .read,
            operation: "getResource",
            summary: "Read a resource",
            tag: "resources",
            success: .json(Shape<ResourceStatus>.resource, "The resource."),
            problems: [.notFound],
            hasETag: true
        ) { call in .json(.resource, try await control.resource(call.parameter())) }
    }

    private var persona: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/resources/{id}/persona",
            permission: .read,
            operation: "getPersonaOfResource",
            summary: "Read which persona a resource plays, and why",
            tag: "resources",
            success: .json(Shape<HeldPersona>.heldPersona, "The persona."),
            problems: [.notFound],
            hasETag: true
        ) { call in .json(.heldPersona, HeldPersona(try await control.resource(call.parameter()))) }
    }

    private var assign: Route {
        let control = services.control
        let body = Schema(
            .named(
                "PersonaAssignment",
                .object(
                    .required("persona", .name, "Of the workspace in force."),
                    .optional("duration", .duration, "How long; without it, until it is released."),
                    .optional(
                        "priority",
                        .string(.choice(Assignment.Priority.names)),
                        "`person` unless said otherwise."
                    ),
                    .optional("reason", .string(.prose(500)), "Why, for whoever reads it later.")
                )
            )
        )
        return Route(
            method: .put,
            path: "/v1/resources/{id}/persona",
            permission: .operate,
            operation: "assignPersona",
            summary: "Assign a persona to a resource",
            tag: "resources",
            query: [.dryRun],
            body: .json(body),
            success: .json(Shape<AssignmentEffect>.effect, "What changed, or with `dry_run` would change."),
            problems: [.notFound, .conflict, .unprocessable, .unavailable],
            takesIfMatch: true,
            action: "assign persona"
        ) { call in
            try await Self.requireMatch(call, control)
            let request = try AssignmentRequest(call, subject: .resource(call.parameter()))
            call.notes.note(request.summary)
            let effects = try await control.assign(
                request,
                by: call.caller.name,
                dryRun: call.query.flag("dry_run")
            )
            guard let effect = effects.first else {
                throw Problem(.notFound, "There is no resource \"\(call.parameter())\".")
            }
            return .json(.effect, effect)
        }
    }

    /// Honours `If-Match` for the persona of the resource.
    private static func requireMatch(_ call: Call, _ control: any ControlPlane) async throws {
        guard call.headers[.ifMatch] != nil else { return }
        let status = try await control.resource(call.parameter())
        try call.requireMatch(.json(.heldPersona, HeldPersona(status)))
    }

    private var release: Route {
        let control = services.control
        return Route(
            method: .delete,
            path: "/v1/resources/{id}/persona",
            permission: .operate,
            operation: "releasePersona",
            summary: "End the assignment that a person made; what lies below it holds again",
            tag: "resources",
            query: [.dryRun],
            success: .json(Shape<AssignmentEffect>.effect, "What changed, or with `dry_run` would change."),
            problems: [.notFound, .conflict, .unprocessable, .unavailable],
            takesIfMatch: true,
            action: "release persona"
        ) { call in
            try await Self.requireMatch(call, control)
            let effect = try await control.release(
                resource: call.parameter(),
                by: call.caller.name,
                dryRun: call.query.flag("dry_run")
            )
            call.notes.note("\(effect.personaBefore) → \(effect.personaAfter)")
            return .json(.effect, effect)
        }
    }

    private var history: Route {
        let control = services.control
        let shape = Shape<AssignmentHistory>.assignmentHistory
        return Route(
            method: .get,
            path: "/v1/resources/{id}/assignments",
            permission: .read,
            operation: "listAssignments",
            summary: "Read the history of a resource's personas, also of one that is gone",
            tag: "resources",
            success: .json(shape, "The assignments."),
            problems: [.notFound, .unavailable],
            hasETag: true
        ) { call in
            .json(shape, try await control.assignmentHistory(of: call.parameter()))
        }
    }
}
