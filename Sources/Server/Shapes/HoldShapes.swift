import Control
import Domain

extension Shape where Value == DriverStatus {
    static var driverStatus: Shape {
        .object(
            "DriverHealth",
            "How the driver of a fleet fares.",
            [
                .member("driver", .string) { $0.driver },
                .member(
                    "state",
                    .choice(DriverStatus.State.allCases.map(\.rawValue)),
                    "`left_alone`: not called for a while; `quarantined`: not called until it changes or is lifted."
                ) { $0.state.rawValue },
                .member("reason", Shape<String>.string.orNull, "What is wrong now.") { $0.reason },
                .member("last_look_at", Shape<Timestamp>.instant.orNull, "When it last said what is there.") {
                    $0.lastLook
                },
                .member("next_try_at", Shape<Timestamp>.instant.orNull, "While something is wrong, where it is known.")
                {
                    $0.nextTry
                },
                .member("last_error", Shape<String>.string.orNull, "Be it well again since.") { $0.lastError },
                .member("last_failure_at", Shape<Timestamp>.instant.orNull) { $0.lastFailure },
                .member(
                    "calls",
                    Shape<Int>.count.orNull,
                    "Since the server was started or the driver changed; null for one that is built in."
                ) { $0.calls },
                .member("failures", Shape<Int>.count.orNull) { $0.failures },
            ]
        )
    }
}

extension Shape where Value == ScriptStatus {
    static var script: Shape {
        .object(
            "Script",
            "A script, and how it has fared since the server was started.",
            [
                .member("script", .string, "Its file.") { $0.script },
                .member("name", .string) { $0.name },
                .member("kind", .choice(ScriptStatus.Kind.allCases.map(\.rawValue))) { $0.kind.rawValue },
                .member(
                    "fleets",
                    Shape<String>.string.array(),
                    "Those that it is run for; a driver is counted, and held, for each by itself."
                ) { $0.fleets },
                .member(
                    "state",
                    .choice(ScriptStatus.State.allCases.map(\.rawValue)),
                    "`quarantined`: not run until it changes or is lifted; `left_alone`: a driver that is not called for a while."
                ) { $0.state.rawValue },
                .member("reason", Shape<String>.string.orNull, "Why it is not run.") { $0.reason },
                .member("evaluations", .count, "Runs; of a driver calls.") { $0.counts.evaluations },
                .member("failures", .count) { $0.counts.failures },
                .member("failures_by_kind", .counts) { $0.counts.failuresByKind },
                .member("kills", Shape<Int>.count.orNull, "Worker processes that it cost; null for drivers.") {
                    $0.counts.kills
                },
                .member("p50_us", .number, "What a run takes, in microseconds.") { $0.counts.medianMicroseconds },
                .member("p99_us", .number) { $0.counts.p99Microseconds },
            ]
        )
    }
}

extension Shape where Value == LiftedHold {
    static var lifted: Shape {
        .object(
            "LiftedHold",
            "What was kept from being run, and is not any more.",
            [
                .member("script", .string) { $0.script },
                .member("fleet", Shape<String>.string.orNull, "Of a driver, whose fleets are held one by one.") {
                    $0.fleet
                },
                .member("reason", .string, "Why it was held.") { $0.reason },
            ]
        )
    }
}

extension Shape where Value == [String: Int] {
    /// How often what, in the order of the names.
    static var counts: Shape {
        Shape(Schema(.map(.integer(), maximum: nil))) { counts, writer in
            writer.object { writer in
                for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
                    writer.member(name) { $0.integer(count) }
                }
            }
        }
    }
}
