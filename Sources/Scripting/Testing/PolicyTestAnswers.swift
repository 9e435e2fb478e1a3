import Decision
import Domain
import ScriptProtocol

/// Between the tables of a test script and the typed scenarios of its host.
enum PolicyTestAnswers {
    static func answer(_ call: HostCall, seed: UInt64, host: any PolicyTestHost) async -> HostAnswer {
        do throws(PolicyTestProblem) {
            switch call.name {
            case "decide": return .value(describe(try await host.decide(try DecideScenario(call.arguments))))
            case "simulate":
                return .value(describe(try await host.simulate(try SimulateScenario(call.arguments, seed: seed))))
            default:
                return .failure("the host does not know the call \(ProposalDecoding.clean(call.name, longest: 40))")
            }
        } catch {
            // Raised by the worker at the line of the test.
            return .failure("t.\(call.name): \(error.description)")
        }
    }

    static func describe(_ result: DecideResult) -> ScriptValue {
        let decision = result.decision
        return .sorted([
            .init("assign", .list(decision.plan.assign.map(describe))),
            .init("current", .integer(Int64(decision.current))),
            .init("need", .integer(Int64(decision.need))),
            .init("outcome", .string(decision.outcome.rawValue)),
            .init("proposals", .list(result.outcomes.flatMap(\.proposals).map(\.described))),
            .init("reason", .string(decision.reason)),
            .init("retire", .list(decision.plan.retire.map(describe))),
            .init("start", .list(decision.plan.start.map(describe))),
            .init("state", result.state),
            .init("steps", .list(decision.steps.map(describe))),
            .init("target", .integer(Int64(decision.target))),
        ])
    }

    static func describe(_ result: SimulateResult) -> ScriptValue {
        .sorted([
            .init("changes", .integer(Int64(result.changes))), .init("cost", .number(result.cost)),
            .init("decisions", .integer(Int64(result.decisions))), .init("failures", .integer(Int64(result.failures))),
            .init("max_ready", .integer(Int64(result.maxReady))),
            .init("max_target", .integer(Int64(result.maxTarget))),
            .init("min_ready", .integer(Int64(result.minReady))),
            .init("min_target", .integer(Int64(result.minTarget))),
            .init("reversals", .integer(Int64(result.reversals))), .init("shortfall", .number(result.shortfall)),
            .init("unserved", .number(result.unserved)),
        ])
    }

    private static func describe(_ step: TraceStep) -> ScriptValue {
        .sorted([
            .init("after", .integer(Int64(step.after))), .init("before", .integer(Int64(step.before))),
            .init("reason", .string(step.reason)), .init("rule", .string(step.rule)),
        ])
    }

    private static func describe(_ group: ResourceGroup) -> ScriptValue {
        .sorted([
            .init("count", .integer(Int64(group.count))), .init("persona", .string(group.persona)),
            .init("state", .string(group.state.rawValue)),
        ])
    }

    private static func describe(_ count: PersonaCount) -> ScriptValue {
        .sorted([.init("count", .integer(Int64(count.count))), .init("persona", .string(count.persona))])
    }

    private static func describe(_ assignment: PlannedAssignment) -> ScriptValue {
        .sorted([
            .init("persona", .string(assignment.persona)), .init("reason", .string(assignment.reason)),
            .init("resource", .string(assignment.resource)),
        ])
    }
}
