import Control
import Domain
import StateStore

extension Shape where Value == StoredAction {
    static var action: Shape {
        .object(
            "Action",
            "A change on a fleet, as the journal has it.",
            [
                .member("id", .integer) { $0.id },
                .member("fleet", .string) { $0.fleet },
                .member("decided_at", .instant, "Of the decision that wants it.") { $0.decided },
                .member("kind", .choice(StoredAction.Kind.allCases.map(\.rawValue))) { $0.kind.rawValue },
                .member("state", .choice(StoredAction.State.allCases.map(\.rawValue))) { $0.state.rawValue },
                .member("is_over", .bool) { $0.state.isOver },
                .member("summary", .string, "What it changes.") { $0.summary },
                .member("note", .string, "What happened last; empty while nothing has.") { $0.note },
                .member("changed_at", .instant, "When its state became what it is.") { $0.changed },
                .member("expires_at", Shape<Timestamp>.instant.orNull, "Until when it awaits a person.") { $0.expires },
                .member("decided_by", Shape<String>.string.orNull, "Who approved or rejected it.") { $0.decidedBy },
                .member("key", .string, "Of all its driver calls.") { $0.key },
            ]
        )
    }
}

extension Shape where Value == StoredOverride {
    static var override: Shape {
        .object(
            "Override",
            "A person's word on a fleet that holds for a while.",
            [
                .member("id", .integer) { $0.id },
                .member("fleet", Shape<String>.string.orNull, "Null: every fleet.") { $0.fleet },
                .member("from", .instant) { $0.from },
                .member("until", Shape<Timestamp>.instant.orNull, "Null: until it is ended.") { $0.word.until },
                .member("pause", Shape<String>.string.orNull, "`all`, `out`, `in`, or null.") {
                    $0.word.pause?.rawValue
                },
                .member("min", Shape<Int>.count.orNull) { $0.word.min },
                .member("max", Shape<Int>.count.orNull) { $0.word.max },
                .member("by", .string, "`troupe` where the fleet is held because others kept changing it.") {
                    $0.word.by
                },
                .member("reason", .string) { $0.word.reason },
                .member("is_contention", .bool) { $0.isContention },
                .member("summary", .string) { $0.inWords },
            ]
        )
    }
}

extension Shape where Value == LogReport {
    static var logReport: Shape {
        let fault = Shape<LogReport.Fault>
            .object(
                "LogFault",
                "Where the log is not what was recorded.",
                [
                    .member("fleet", Shape<String>.string.orNull, "Null: all fleets.") { $0.fleet },
                    .member("at", Shape<Timestamp>.instant.orNull) { $0.at },
                    .member("message", .string) { $0.message },
                ]
            )
        return .object(
            "LogReport",
            "What verifying the log of decisions found.",
            [
                .member("is_sound", .bool) { $0.isSound },
                .member("fleets", .count) { $0.fleets },
                .member("decisions", .count, "Linked decisions that were walked.") { $0.decisions },
                .member("checkpoints", .count) { $0.checkpoints },
                .member("sealed_through", Shape<Timestamp>.instant.orNull, "Of the last checkpoint.") {
                    $0.sealedThrough
                },
                .member("unsealed", .count, "Decisions since then.") { $0.unsealed },
                .member("faults", fault.array(), "The first hundred; empty where the log is sound.") { $0.faults },
            ]
        )
    }
}

extension Shape where Value == StoredDecision {
    /// With all that the chain goes over.
    static var linkedDecision: Shape {
        .object(
            "LinkedDecision",
            "A decision as the log has it, with its link.",
            [
                .member("fleet", .string) { $0.fleet },
                .member("sequence", .integer, "Its number within its fleet.") { $0.sequence },
                .member("at", .instant) { $0.at },
                .member("outcome", .string) { $0.outcome },
                .member("current", .count) { $0.current },
                .member("target", .count) { $0.target },
                .member("reason", .string) { $0.reason },
                .member("input_digest", .string) { $0.inputDigest },
                .member("trace", Shape<String>.string.orNull, "The whole record, where it was kept.") {
                    if case .full(let data) = $0.trace { String(decoding: data, as: UTF8.self) } else { nil }
                },
                .member("link", .string, "SHA-256, hexadecimal.") { decision in
                    let digits = Array("0123456789abcdef".utf8)
                    return String(
                        decoding: decision.link.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
                        as: UTF8.self
                    )
                },
            ]
        )
    }
}
