package import Decision
package import Domain
package import ScriptProtocol
import Synchronization
package import Workers

/// Runs one policy for one fleet.
///
/// It keeps what the policy looked at, so that the next run gets it sent along, and nothing else: what a policy remembers is its
/// `state`, which the caller keeps. Runs of the same inputs give the same outcome, whatever was read before.
package final class PolicyRunner: Sendable {
    package let policy: Policy
    private let input: PolicyInput
    private let workers: WorkerPool
    private let limits: ScriptLimits
    private let reads = Mutex(ReadSet())

    /// - Parameter personas: those that the fleet names; in any order.
    package init(
        policy: Policy,
        fleet: Fleet,
        personas: [Persona],
        workers: WorkerPool,
        limits: ScriptLimits = .policy
    ) {
        self.policy = policy
        input = PolicyInput(fleet: fleet, personas: personas)
        self.workers = workers
        self.limits = limits
    }

    /// The KPIs that the policy looked at in its last runs, sorted: a new sample of one of them is a reason to run it again.
    package var kpisRead: [String] { reads.withLock(\.kpis) }

    // MARK: Entries

    /// Runs `propose`. Whatever the script does, this answers: with proposals, blindness, or what went wrong and where.
    ///
    /// - Parameter state: what the policy returned as its second value last time; `.null` the first time, and read as `{}`.
    package func propose(_ context: PolicyContext, state: ScriptValue = .null) async -> PolicyRun {
        let run = await call("propose", context, state: state)
        let ending: PolicyOutcome.Ending
        var newState = state
        switch run.answer {
        case .failure(let failure):
            ending = self.ending(of: failure, run)
        case .success(let value):
            do {
                let proposals = try ProposalDecoding.proposals(
                    value["first"] ?? .null,
                    policy: policy.name,
                    personas: input.source.personas
                )
                newState = try remembered(value["second"], before: state)
                ending = .proposed(proposals)
            } catch {
                ending = .failed("\(policy.script.name): \(error.description)")
            }
        }
        let outcome = PolicyOutcome(policy: policy.name, ending: ending, transcript: run.transcript, log: run.log)
        return PolicyRun(outcome: outcome, state: newState, usage: run.usage)
    }

    /// Runs the hook `merge(ctx, proposals, prediction)`, which answers the need: a whole number, and why.
    ///
    /// - Parameter prediction: the need that the forecast alone gives.
    package func merge(
        _ context: PolicyContext,
        proposals: [PolicyOutcome],
        prediction: Int,
        state: ScriptValue = .null
    ) async -> HookOutcome {
        let extra = [
            ScriptValue.Field("prediction", .sorted([.init("need", .integer(Int64(prediction)))])),
            .init("proposals", .list(proposals.flatMap(\.proposals).map(\.described))),
        ]
        let run = await call("merge", context, state: state, extra: extra)
        var need: Int?
        var reason: String
        switch run.answer {
        case .failure(let failure):
            reason = failure.located
        case .success(let value):
            need = ProposalDecoding.count(value["first"])
            reason = text(value["second"]) ?? "merge hook of \(policy.name)"
            if need == nil {
                reason =
                    "\(policy.script.name): merge returned \((value["first"] ?? .null).inWords); expected a whole number of resources"
            }
        }
        return HookOutcome(policy: policy.name, need: need, reason: reason, transcript: run.transcript)
    }

    /// Runs the hook `choose_persona(ctx, shortfall)`, which answers the personas of new capacity: a table of counts, or one name.
    package func choosePersona(
        _ context: PolicyContext,
        shortfall: Shortfall,
        state: ScriptValue = .null
    ) async -> MixHookOutcome {
        let missing = ScriptValue.Field(
            "shortfall",
            .sorted([
                .init("demand", .number(shortfall.demand)), .init("resources", .integer(Int64(shortfall.resources))),
            ])
        )
        let run = await call("choose_persona", context, state: state, extra: [missing])
        switch run.answer {
        case .failure(let failure):
            return MixHookOutcome(policy: policy.name, mix: nil, reason: failure.located, transcript: run.transcript)
        case .success(let value):
            do {
                let mix = try mix(value["first"] ?? .null, for: shortfall)
                let reason = text(value["second"]) ?? "persona hook of \(policy.name)"
                return MixHookOutcome(policy: policy.name, mix: mix, reason: reason, transcript: run.transcript)
            } catch {
                return MixHookOutcome(
                    policy: policy.name,
                    mix: nil,
                    reason: "\(policy.script.name): \(error.description)",
                    transcript: run.transcript
                )
            }
        }
    }

    // MARK: One run

    private struct Run {
        var answer: Result<ScriptValue, ScriptFailure>
        var transcript: [TranscriptLine]
        var log: [String]
        var usage: ScriptUsage
        /// Each series that it got an answer for, sent along or fetched, was idle if it was not there.
        var sawOnlyIdleGaps: Bool
    }

    private func call(
        _ entry: String,
        _ context: PolicyContext,
        state: ScriptValue,
        extra: [ScriptValue.Field] = []
    ) async -> Run {
        let known = reads.withLock { $0 }
        let answers = Answers(context: context)
        let table = input.table(
            context: context,
            state: state,
            series: known.series.map { ($0, answers.series($0)) },
            forecast: known.forecast.compactMap { query in answers.forecast(query).map { (query, $0) } },
            extra: extra
        )
        let request = ScriptRequest(
            mode: .call,
            script: policy.script,
            modules: policy.modules,
            entry: entry,
            input: table,
            limits: limits
        )
        let result = await workers.answer(request) { call in answers.answer(call) }
        var run: Run
        switch result {
        case .success(let result):
            run = Run(
                answer: .success(result.value),
                transcript: Self.lines(result.transcript),
                log: result.log,
                usage: result.usage,
                sawOnlyIdleGaps: answers.sawOnlyIdleGaps
            )
        case .failure(let failure):
            run = Run(
                answer: .failure(failure),
                transcript: Self.lines(failure.transcript),
                log: failure.log,
                usage: failure.usage,
                sawOnlyIdleGaps: answers.sawOnlyIdleGaps
            )
        }
        let fetched = answers.fetched
        let transcript = run.transcript
        reads.withLock { $0.finish(fetched: fetched, transcript: transcript) }
        return run
    }

    private func ending(of failure: ScriptFailure, _ run: Run) -> PolicyOutcome.Ending {
        guard failure.kind == .blind else { return .failed(failure.located) }
        // Nobody there, or nothing to measure: there is nothing to propose, and nothing is hidden from anyone.
        return run.sawOnlyIdleGaps ? .proposed([]) : .blind(failure.message)
    }

    private func remembered(_ value: ScriptValue?, before: ScriptValue) throws(RubbishReturned) -> ScriptValue {
        guard let value, value != .null else { return before }
        guard case .table = value else {
            if case .list = value { return try bounded(value) }
            throw RubbishReturned("propose returned \(value.inWords) as its state; expected a table of plain data")
        }
        return try bounded(value)
    }

    private func bounded(_ state: ScriptValue) throws(RubbishReturned) -> ScriptValue {
        let size = state.weight
        guard size <= ScriptLimits.stateBytes else {
            throw RubbishReturned(
                "propose returned a state of \(size) bytes; expected at most \(ScriptLimits.stateBytes)"
            )
        }
        return state
    }

    private func mix(_ value: ScriptValue, for shortfall: Shortfall) throws(RubbishReturned) -> [PersonaCount] {
        guard case .string(let name) = value else {
            return try ProposalDecoding.mix(value, personas: input.source.personas)
        }
        guard let persona = input.sourcePersonas.first(where: { $0.name == name }), input.source.personas.contains(name)
        else {
            throw RubbishReturned(
                "choose_persona names persona \"\(ProposalDecoding.clean(name, longest: 63))\", which this fleet does not have"
            )
        }
        // Another persona serves another demand: as many of it as the shortfall asks for.
        let capacity = persona.serves(input.source.demand) ?? 0
        let needed = capacity > 0 ? (shortfall.demand / capacity - 1e-9).rounded(.up) : Double(shortfall.resources)
        return [PersonaCount(persona: name, count: Int(min(max(0, needed), 100_000)))]
    }

    private func text(_ value: ScriptValue?) -> String? {
        guard case .string(let text)? = value, !text.isEmpty else { return nil }
        return ProposalDecoding.clean(text, longest: ProposalDecoding.longestReason)
    }

    private static func lines(_ entries: [TranscriptEntry]) -> [TranscriptLine] {
        entries.map {
            TranscriptLine(
                call: ProposalDecoding.clean($0.call, longest: 500),
                answer: ProposalDecoding.clean($0.answer.shown, longest: 500)
            )
        }
    }
}

/// What one run of `propose` left: what was proposed, and what the policy wants to remember.
package struct PolicyRun: Sendable {
    package var outcome: PolicyOutcome
    /// At most 16 KiB of plain data; the old one where the policy returned none or failed.
    package var state: ScriptValue
    package var usage: ScriptUsage
}

/// How much is missing: demand that is not met, and how many resources of the default persona that is.
package struct Shortfall: Hashable, Sendable {
    package var demand: Double
    package var resources: Int

    package init(demand: Double, resources: Int) {
        self.demand = demand
        self.resources = resources
    }
}
