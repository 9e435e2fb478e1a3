package import Decision
package import Domain
package import ScriptProtocol
import Synchronization
package import Workers

/// Runs one policy for one fleet.
///
/// It keeps what the policy looked at, so that the next run gets it sent along, and nothing else: what a policy remembers is its
/// `state`, which the caller keeps. Runs of the same inputs give the same outcome, whatever was read before, as long as the host finds what
/// they look at in time.
package final class PolicyRunner: Sendable {
    package let policy: Policy
    let input: PolicyInput
    let workers: WorkerPool
    private let limits: ScriptLimits
    private let reads = Mutex(ReadSet())

    /// `personas` are those that the fleet names; in any order.
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

    /// Runs `propose`.
    ///
    /// Whatever the script does, this answers: with proposals, blindness, or what went wrong and where. `state` is what the policy
    /// returned as its second value last time; `.null` the first time, and read as `{}`.
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

    // MARK: One run

    struct Run {
        var answer: Result<ScriptValue, ScriptFailure>
        var transcript: [TranscriptLine]
        var log: [String]
        var usage: ScriptUsage
    }

    func call(
        _ entry: String,
        _ context: PolicyContext,
        state: ScriptValue,
        extra: [ScriptValue.Field] = []
    ) async -> Run {
        let answers = Answers(context: context)
        let request = request(entry, context, answers, state: state, extra: extra)
        let result = await workers.answer(request) { call in answers.answer(call) }
        let run: Run
        let looks: [TranscriptEntry]
        switch result {
        case .success(let result):
            looks = result.transcript
            run = Run(
                answer: .success(result.value),
                transcript: Self.lines(looks),
                log: result.log,
                usage: result.usage
            )
        case .failure(let failure):
            looks = failure.transcript
            run = Run(
                answer: .failure(failure),
                transcript: Self.lines(looks),
                log: failure.log,
                usage: failure.usage
            )
        }
        let fetched = answers.fetched
        reads.withLock { $0.finish(fetched: fetched, calls: looks.map(\.call)) }
        return run
    }

    /// What is sent to a worker: with what the last runs looked at, as far as that is not too much.
    func request(
        _ entry: String,
        _ context: PolicyContext,
        _ answers: Answers,
        state: ScriptValue,
        extra: [ScriptValue.Field] = []
    ) -> ScriptRequest {
        let known = reads.withLock { $0 }
        var room = LookLimits.valuesSentAlong
        var forecast: [(ForecastQuery, ForecastAnswer)] = []
        for query in known.forecast where room > 0 && answers.mayRead {
            guard let answer = answers.forecast(query) else { continue }
            room -= answer.values.count
            forecast.append((query, answer))
        }
        var series: [(SeriesQuery, SeriesAnswer)] = []
        for query in known.series where room > 0 && answers.mayRead {
            let answer = answers.series(query)
            room -= answer.values.count
            series.append((query, answer))
        }
        let table = input.table(
            context: context,
            state: state,
            series: series,
            forecast: forecast,
            extra: extra
        )
        var request = ScriptRequest(
            mode: .call,
            script: policy.script,
            modules: policy.modules,
            entry: entry,
            input: table,
            limits: limits
        )
        request.ready = input.ready(context)
        return request
    }

    private func ending(of failure: ScriptFailure, _ run: Run) -> PolicyOutcome.Ending {
        guard failure.kind == .blind else { return .failed(failure.located) }
        // Nobody there, or nothing to measure: there is nothing to propose, and nothing is hidden from anyone.
        return Self.endedIdle(run.transcript) ? .proposed([]) : .blind(failure.message)
    }

    /// The look that ended the run was at a series which is idle.
    ///
    /// It is the transcript that tells: it holds what this run looked at and nothing else, and is there also when it is replayed.
    static func endedIdle(_ transcript: [TranscriptLine]) -> Bool {
        guard let last = transcript.last, last.answer.hasPrefix("blind: ") else { return false }
        let opened = transcript.last { last.call.hasPrefix($0.call + ":") }
        return opened?.answer == SeriesAnswer.Status.idle.rawValue
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

    /// As a decision keeps them: where they are too many the first ones, and the last with what it opened, which say how the run ended.
    static func lines(_ entries: [TranscriptEntry]) -> [TranscriptLine] {
        var room = LookLimits.transcriptBytes
        var lines: [TranscriptLine] = []
        for (i, entry) in entries.enumerated() {
            let line = line(entry)
            room -= line.call.utf8.count + line.answer.utf8.count
            guard room < 0 else {
                lines.append(line)
                continue
            }
            lines.append(TranscriptLine(call: "…", answer: "more looks than are kept"))
            let last = entries[entries.count - 1]
            let opened = entries[i...].dropLast().last { last.call.hasPrefix($0.call + ":") }
            return lines + [opened, last].compactMap { $0.map(Self.line) }
        }
        return lines
    }

    private static func line(_ entry: TranscriptEntry) -> TranscriptLine {
        TranscriptLine(
            call: ProposalDecoding.clean(entry.call, longest: 500),
            answer: ProposalDecoding.clean(entry.answer.shown, longest: 500)
        )
    }
}

/// What one run of `propose` left: what was proposed, and what the policy wants to remember.
package struct PolicyRun: Sendable {
    package var outcome: PolicyOutcome
    /// At most 16 KiB of plain data; the old one where the policy returned none or failed.
    package var state: ScriptValue
    package var usage: ScriptUsage
}
