import Control
import Domain
import HTTPTypes
import StateStore

/// A person steps in: pauses, other bounds, and their end.
struct OverrideRoutes {
    let services: RouteServices

    var routes: [Route] { [list, pause, pauseAll, scale, resume, resumeAll] }

    private static let duration = Schema.Property.optional(
        "duration",
        .duration,
        "How long; without it, until it is ended."
    )
    private static let reason = Schema.Property.optional(
        "reason",
        .string(.prose(500)),
        "Why, for whoever reads it later."
    )
    private static let answered = Shape<[StoredOverride]>
        .list(
            "OverrideList",
            "overrides",
            "What people have said that holds now, in the order of saying.",
            of: .override
        )

    private var list: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/overrides",
            permission: .read,
            operation: "listOverrides",
            summary: "List what people have said of fleets that holds now",
            tag: "fleets",
            query: [.optional("fleet", .name, "Only what is said of this fleet, or of all.")],
            success: .json(Self.answered, "What holds."),
            problems: [.notFound]
        ) { call in .json(Self.answered, try await control.overrides(of: call.query.string("fleet"))) }
    }

    private var pauseBody: Schema {
        Schema(
            .named(
                "PauseRequest",
                .object(
                    .optional(
                        "direction",
                        .string(.choice(OperatorOverride.Pause.allCases.map(\.rawValue))),
                        "`out`: nothing is added; `in`: nothing is removed; `all` (without it): nothing changes."
                    ),
                    Self.duration,
                    Self.reason
                )
            )
        )
    }

    private var pause: Route { pause(path: "/v1/fleets/{name}/pause", operation: "pauseFleet", all: false) }
    private var pauseAll: Route { pause(path: "/v1/pause", operation: "pauseAllFleets", all: true) }

    private func pause(path: RoutePath, operation: String, all: Bool) -> Route {
        let control = services.control
        return Route(
            method: .post,
            path: path,
            permission: .operate,
            operation: operation,
            summary: all ? "Pause every fleet, those to come included" : "Pause a fleet",
            tag: "fleets",
            body: .json(pauseBody),
            success: .json(Shape<StoredOverride>.override, "What holds from now on."),
            problems: [.notFound, .unprocessable, .unavailable],
            action: all ? "pause all fleets" : "pause fleet"
        ) { call in
            let direction = call["direction"]?.string.flatMap(OperatorOverride.Pause.init) ?? .all
            let request = try OverrideRequest(call, fleet: all ? nil : call.parameter(), change: .pause(direction))
            let stored = try await control.override(request, by: call.caller.name)
            call.notes.note(stored.inWords)
            return .json(.override, stored)
        }
    }

    private var scale: Route {
        let control = services.control
        let count = Schema.integer(0...1_000_000_000)
        let body = Schema(
            .named(
                "ScaleRequest",
                .object(
                    .optional("min", count, "At least so many; reached at once."),
                    .optional("max", count, "At most so many."),
                    Self.duration,
                    Self.reason
                )
            )
        )
        return Route(
            method: .post,
            path: "/v1/fleets/{name}/scale",
            permission: .operate,
            operation: "scaleFleet",
            summary: "Give a fleet a larger minimum, a smaller maximum, or both",
            tag: "fleets",
            body: .json(body),
            success: .json(Shape<StoredOverride>.override, "What holds from now on."),
            problems: [.notFound, .unprocessable, .unavailable],
            action: "scale fleet"
        ) { call in
            let (min, max) = (call["min"]?.integer.map { Int($0) }, call["max"]?.integer.map { Int($0) })
            let request = try OverrideRequest(call, fleet: call.parameter(), change: .scale(min: min, max: max))
            let stored = try await control.override(request, by: call.caller.name)
            call.notes.note(stored.inWords)
            return .json(.override, stored)
        }
    }

    private var resume: Route { resume(path: "/v1/fleets/{name}/resume", operation: "resumeFleet", all: false) }
    private var resumeAll: Route { resume(path: "/v1/resume", operation: "resumeAllFleets", all: true) }

    private func resume(path: RoutePath, operation: String, all: Bool) -> Route {
        let control = services.control
        return Route(
            method: .post,
            path: path,
            permission: .operate,
            operation: operation,
            summary: all
                ? "End what was said of all fleets at once"
                : "End a fleet's pause, its other bounds, and that it is held for being contended",
            tag: "fleets",
            success: .json(Self.answered, "What was ended."),
            problems: [.notFound, .conflict, .unavailable],
            action: all ? "resume all fleets" : "resume fleet"
        ) { call in
            let ended = try await control.resume(fleet: all ? nil : call.parameter(), by: call.caller.name)
            call.notes.note(ended.map(\.inWords).joined(separator: "; "))
            return .json(Self.answered, ended)
        }
    }
}

extension OverrideRequest {
    /// Reads the members that all of them share; the gateway has checked their form.
    init(_ call: Call, fleet: String?, change: Change) throws(Problem) {
        var duration: TimeSpan?
        if let text = call["duration"]?.string {
            do throws(QuantityError) {
                duration = try Quantity.span(text)
            } catch {
                throw Problem(
                    .badRequest,
                    "The body cannot be used.",
                    findings: [Schema.Finding(place: "/duration", message: error.message, suggestion: error.suggestion)]
                )
            }
        }
        self.init(fleet: fleet, change: change, duration: duration, reason: call["reason"]?.string ?? "")
    }
}
