import Control
import Domain
import HTTPTypes

/// How scripts and drivers fare, and a person's lifting of what keeps one from being run.
struct HoldRoutes {
    let services: RouteServices

    var routes: [Route] { [list, lift, liftDriver] }

    private var list: Route {
        let control = services.control
        let shape = Shape<Page<ScriptStatus>>.page("ScriptPage", "scripts", "Scripts, sorted by file.", of: .script)
        return Route(
            method: .get,
            path: "/v1/scripts",
            permission: .read,
            operation: "listScripts",
            summary: "List scripts and how they fare: runs, failures, kills, quarantine",
            tag: "scripts",
            query: [
                .optional(
                    "kind",
                    .string(.choice(ScriptStatus.Kind.allCases.map(\.rawValue))),
                    "Only scripts of this kind."
                ),
                .optional(
                    "state",
                    .string(.choice(ScriptStatus.State.allCases.map(\.rawValue))),
                    "Only those in this state."
                ),
                .limit(500, atMost: 5000), .textCursor,
            ],
            success: .json(shape, "A page of scripts.").linked
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 500)
            let (kind, state) = (call.query.string("kind"), call.query.string("state"))
            let after = call.query.string("cursor")
            let found = await control.scripts()
                .filter { script in
                    (kind.map { $0 == script.kind.rawValue } ?? true)
                        && (state.map { $0 == script.state.rawValue } ?? true)
                        && (after.map { $0 < Self.cursor(script) } ?? true)
                }
            let shown = Array(found.prefix(limit))
            let next = found.count > limit ? shown.last.map(Self.cursor) : nil
            return .page(shape, Page(elements: shown, next: next), of: call)
        }
    }

    /// In the order of the list: a blank comes before all letters of a path.
    private static func cursor(_ script: ScriptStatus) -> String {
        script.script + (script.kind == .driver ? " " + (script.fleets.first ?? "") : "")
    }

    private var body: Schema {
        Schema(
            .named(
                "LiftRequest",
                .object(.optional("reason", .string(.prose(500)), "Why, for whoever reads it later."))
            )
        )
    }

    private var lift: Route {
        let control = services.control
        let shape = Shape<[LiftedHold]>.list("LiftedList", "lifted", "What is run again.", of: .lifted)
        return Route(
            method: .post,
            path: "/v1/scripts/{script}/lift",
            permission: .operate,
            operation: "liftScript",
            summary: "End the quarantine of a script, by its name or file; of a driver for all of its fleets",
            tag: "scripts",
            body: .json(body),
            success: .json(shape, "What was lifted."),
            problems: [.notFound, .conflict, .unavailable],
            action: "lift quarantine"
        ) { call in
            let reason = call["reason"]?.string ?? ""
            call.notes.note(reason)
            let lifted = try await control.lift(script: call.parameter(), by: call.caller.name, reason: reason)
            call.notes.note(Self.words(lifted, reason))
            return .json(shape, lifted)
        }
    }

    private var liftDriver: Route {
        let control = services.control
        return Route(
            method: .post,
            path: "/v1/fleets/{name}/driver/lift",
            permission: .operate,
            operation: "liftDriver",
            summary: "Let a fleet's driver be called again at once, that is in quarantine or left alone",
            tag: "fleets",
            body: .json(body),
            success: .json(Shape<LiftedHold>.lifted, "What was lifted."),
            problems: [.notFound, .conflict, .unavailable],
            action: "lift driver"
        ) { call in
            let reason = call["reason"]?.string ?? ""
            call.notes.note(reason)
            let lifted = try await control.liftDriver(of: call.parameter(), by: call.caller.name, reason: reason)
            call.notes.note(Self.words([lifted], reason))
            return .json(.lifted, lifted)
        }
    }

    /// For the audit: why, and what was lifted.
    private static func words(_ lifted: [LiftedHold], _ reason: String) -> String {
        (reason.isEmpty ? "" : "\(reason): ") + lifted.map(\.inWords).joined(separator: "; ")
    }
}
