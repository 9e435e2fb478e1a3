import Domain
import HTTPTypes
import StateStore

/// Who changed what.
struct AuditRoutes {
    let services: RouteServices

    var routes: [Route] { [list] }

    private var list: Route {
        let audit = services.audit
        let blocking = services.blocking
        let shape = Shape<Page<AuditEntry>>
            .page(
                "AuditPage",
                "entries",
                "Changes that someone asked for, the latest first.",
                of: .auditEntry
            )
        return Route(
            method: .get,
            path: "/v1/audit",
            permission: .administer,
            operation: "listAudit",
            summary: "List who changed what",
            tag: "audit",
            query: [
                .optional("actor", .name, "Only changes by the token of this name."),
                .optional("action", .name, "Only changes of this kind: `assign persona`."),
                .optional("from", .instant, "Not before this time."),
                .optional("to", .instant, "Before this time."),
                .limit(100, atMost: 1000), .cursor,
            ],
            success: .json(shape, "A page of the audit.").linked,
            problems: [.unavailable]
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 100)
            let selection = AuditSelection(
                actor: call.query.string("actor"),
                action: call.query.string("action"),
                from: call.query.instant("from"),
                to: call.query.instant("to"),
                before: call.query.string("cursor").flatMap { Int64($0) },
                limit: limit + 1
            )
            let found = try await blocking.run { try audit.audit(selection) }
            let shown = Array(found.prefix(limit))
            let next = found.count > limit ? shown.last.map { String($0.id) } : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }
}
