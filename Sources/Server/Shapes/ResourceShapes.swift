import Control
import Domain
import StateStore

extension Shape where Value == ResourceStatus {
    static var resource: Shape {
        .object(
            "Resource",
            "A resource and the persona that it plays.",
            [
                .member("id", .string) { $0.resource.id },
                .member("fleet", .string) { $0.fleet },
                .member("labels", .labels) { $0.resource.labels },
                .member("persona", .string) { $0.resource.persona },
                .member("state", .choice(ResourceState.allCases.map(\.rawValue))) { $0.resource.state.rawValue },
                .member("since", .instant, "When it was asked for.") { $0.resource.since },
                .member("managed", .bool, "Troupe created or adopted it.") { $0.resource.managed },
                .member(
                    "assignment",
                    Shape<AssignmentSummary>.assignment.orNull,
                    "The assignment that holds; null: the persona that it was started with."
                ) { $0.assignment },
                .member(
                    "configuration",
                    Shape<String>.string.orNull,
                    "Digest of the files that it was configured with."
                ) {
                    $0.configuration
                },
            ]
        )
    }
}

extension Shape where Value == AssignmentSummary {
    static var assignment: Shape {
        .object(
            "Assignment",
            "Who plays what, why, and for how long.",
            [
                .member("id", .integer) { $0.id },
                .member("resource", .string) { $0.assignment.resource },
                .member("persona", .string) { $0.assignment.persona },
                .member("by", .string) { $0.assignment.by },
                .member("reason", .string) { $0.assignment.reason },
                .member("priority", .choice(Assignment.Priority.names)) { $0.assignment.priority.name },
                .member("from", .instant) { $0.assignment.from },
                .member("until", Shape<Timestamp>.instant.orNull, "null: until it is released.") {
                    $0.assignment.until
                },
                .member("ended_by", Shape<String>.string.orNull, "Who ended it before its time.") { $0.endedBy },
            ]
        )
    }
}

extension Shape where Value == AssignmentHistory {
    static var assignmentHistory: Shape {
        .object(
            "AssignmentHistory",
            "All that was ever assigned to a resource.",
            [
                .member(
                    "is_gone",
                    Shape<Bool>.bool.orNull,
                    "No driver reports the resource any more; null while some fleet was not seen yet since the start."
                ) { $0.isGone },
                .member("assignments", Shape<AssignmentSummary>.assignment.array(), "Oldest first.") { history in
                    history.assignments.map {
                        AssignmentSummary(id: $0.id, assignment: $0.assignment, endedBy: $0.endedBy)
                    }
                },
            ]
        )
    }
}

/// The persona of a resource, which `PUT` and `DELETE` change.
struct HeldPersona: Sendable {
    var resource: String
    var persona: String
    var assignment: AssignmentSummary?

    init(_ status: ResourceStatus) {
        resource = status.resource.id
        persona = status.assignment?.assignment.persona ?? status.resource.persona
        assignment = status.assignment
    }
}

extension Shape where Value == HeldPersona {
    static var heldPersona: Shape {
        .object(
            "HeldPersona",
            "The persona of a resource, and the assignment that it comes from.",
            [
                .member("resource", .string) { $0.resource },
                .member("persona", .string) { $0.persona },
                .member("assignment", Shape<AssignmentSummary>.assignment.orNull) { $0.assignment },
            ]
        )
    }
}

extension Shape where Value == AssignmentEffect {
    static var effect: Shape {
        .object(
            "AssignmentEffect",
            "What an assignment or release does, or would do, to one resource.",
            [
                .member("resource", .string) { $0.resource },
                .member("fleet", .string) { $0.fleet },
                .member("persona_before", .string) { $0.personaBefore },
                .member("persona_after", .string) { $0.personaAfter },
                .member("until", Shape<Timestamp>.instant.orNull) { $0.until },
                .member("diffs", Shape<AssignmentEffect.FileDiff>.diff.array(), "Configuration files that differ.") {
                    $0.diffs
                },
            ]
        )
    }
}

extension Shape where Value == AssignmentEffect.FileDiff {
    static var diff: Shape {
        .object(
            "FileDiff",
            "How a file differs, as a unified diff.",
            [.member("path", .string) { $0.path }, .member("diff", .string) { $0.diff }]
        )
    }
}

extension Assignment.Priority {
    static let all: [Assignment.Priority] = [.default, .policy, .trial, .person]
    static var names: [String] { all.map(\.name) }

    var name: String {
        switch self {
        case .default: "default"
        case .policy: "policy"
        case .trial: "trial"
        case .person: "person"
        }
    }

    init?(name: String) {
        guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
        self = found
    }
}
