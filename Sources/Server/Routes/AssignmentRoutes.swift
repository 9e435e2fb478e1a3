import Control
import Domain
import HTTPTypes

/// Assignments to many resources at once.
struct AssignmentRoutes {
    let services: RouteServices

    var routes: [Route] { [assign] }

    private var assign: Route {
        let control = services.control
        let body = Schema(
            .named(
                "BulkAssignment",
                .object(
                    .optional("fleet", .name, "Only resources of this fleet."),
                    .optional("labels", .labels, "Only resources that have all of these labels."),
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
        let shape = Shape<[AssignmentEffect]>
            .list(
                "AssignmentEffects",
                "effects",
                "What happened to each resource, sorted by fleet and id.",
                of: .effect
            )
        return Route(
            method: .post,
            path: "/v1/assignments",
            permission: .operate,
            operation: "assignPersonas",
            summary: "Assign a persona to all resources that a selector means, all or none",
            tag: "resources",
            query: [.dryRun],
            body: .json(body),
            success: .json(shape, "What changed, or with `dry_run` would change."),
            problems: [.notFound, .conflict, .unprocessable, .unavailable],
            action: "assign personas"
        ) { call in
            let labels = (call["labels"]?.members ?? [])
                .map { Setting(name: $0.name, value: $0.value.string ?? "") }
                .sorted { $0.name < $1.name }
            let fleet = call["fleet"]?.string
            let request = try AssignmentRequest(call, subject: .selector(fleet: fleet, labels: labels))
            let selector = labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            call.notes.note("\(fleet ?? "all fleets") {\(selector)}: \(request.summary)")
            // An empty selector means every resource of every fleet: nobody should say that by leaving something out.
            guard fleet != nil || !labels.isEmpty else {
                throw Problem(
                    .unprocessable,
                    "Name a fleet or labels: without either this would be every resource there is."
                )
            }
            let effects = try await control.assign(
                request,
                by: call.caller.name,
                dryRun: call.query.flag("dry_run")
            )
            return .json(shape, effects)
        }
    }
}
