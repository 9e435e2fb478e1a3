import Crypto
import Decision
import Domain
import Drivers
import Foundation
import ScriptProtocol
import Scripting
import StateStore
import Workers

extension FleetLane {
    /// The *propose* and *decide* verbs: policies, hooks, rails.
    func evaluate(_ work: inout LaneWork, at now: Timestamp) async -> DecisionRecord {
        let series = work.assembly.series
        let groups = work.groups
        work.demand = series.demand(at: now, groups: groups)
        for index in work.evaluator.rules.personas.indices {
            let name = work.evaluator.rules.personas[index].name
            guard let persona = work.assembly.persona(name) else { continue }
            work.evaluator.rules.personas[index].capacity = work.capacity(of: persona)
        }
        work.evaluator.rules.overrides = services.overrides.holding(for: name, at: now).map(\.word)
        let ledger = services.ledger
        let moment = Moment(
            now: now,
            demand: work.demand,
            resources: work.journal.assumed(
                groups,
                work.resources,
                assigned: assignedByPeople(work.resources, at: now)
            ),
            leadTime: work.leadTime(at: now),
            interval: work.assembly.fleet.interval
        )
        let playing = work.resources.map { ($0.resource.id, $0.resource.persona) }
        let directory = parts.directory
        let record = await work.evaluator.evaluate(
            moment,
            isMoot: { resource, persona, duration in
                guard playing.contains(where: { $0.0 == resource && $0.1 == persona }) else { return false }
                return directory.isSettled(resource, persona: persona, for: duration, at: now)
            },
            deciding: { ledger.decide($0) },
            series: { series.answer($0, at: now, groups: groups) }
        )
        work.evaluated = now
        // Of a KPI that was read for the first time nobody knows whether something has come since.
        work.news = kpis(work)
            .map { kpi in
                work.news.first { $0.kpi == kpi } ?? FleetSeries.News(kpi: kpi, heard: nil, count: -1)
            }
        note(record, &work)
        return record
    }

    /// Resources whose persona a person has said, for as long as that holds.
    func assignedByPeople(_ resources: [DescribedResource], at now: Timestamp) -> Set<String> {
        parts.directory.read { book in
            Set(
                resources.lazy.map(\.resource)
                    .filter { book.holding($0, at: now)?.assignment.priority == .person }
                    .map(\.id)
            )
        }
    }

    /// What a person on call should know, and what the log should say.
    private func note(_ record: DecisionRecord, _ work: inout LaneWork) {
        var notes: [String] = []
        var blind: [String] = []
        if let status = record.input.observation.demand.blindness {
            let kpi = work.assembly.fleet.demand.kpi
            let heard = work.news.first { $0.kpi == kpi }?.heard.map { " since \($0)" } ?? ""
            let what = "demand \(kpi) is \(status)"
            blind.append(what)
            notes.append("\(what)\(status == "missing" ? "" : heard): nothing is removed until it is seen again")
        }
        for outcome in record.input.policies {
            switch outcome.ending {
            case .proposed: break
            case .blind(let what):
                blind.append("policy \(outcome.policy) is blind (\(what))")
                notes.append("policy \(outcome.policy) is blind: \(what)")
            case .failed(let why):
                notes.append(quarantine(of: outcome.policy, work) ?? "policy \(outcome.policy) fails: \(why)")
            }
        }
        let why = blind.isEmpty ? nil : blind.joined(separator: ", ")
        if why != work.blindness {
            work.blindness = why
            parts.report(.blindness(fleet: name, why: why))
        }
        work.begin(notes: notes)
    }

    /// That a policy is not run any more, why, and what to do about it.
    private func quarantine(of policy: String, _ work: LaneWork) -> String? {
        guard let script = work.assembly.policies.first(where: { $0.name == policy })?.script.name,
            let held = parts.workers.quarantined.first(where: { $0.script == script && $0.isLatest })
        else { return nil }
        return "policy \(policy) is quarantined and not run: \(held.reason) "
            + "Load a corrected version, or lift it: `troupe policy lift \(policy)`."
    }

    // MARK: Recording

    /// Makes the decision durable, with all that it leaves; false where that failed, and then nothing of it may be carried out.
    func store(_ record: DecisionRecord, _ work: inout LaneWork) async -> Bool {
        let decision = record.decision
        let last = work.traced
        // One that acts is looked up later, whatever the one before it said.
        let isNews =
            !decision.plan.isEmpty
            || last.map { $0.outcome != decision.outcome || $0.reason != decision.reason } ?? true
        let keepsTrace = isNews || last.map { decision.at - $0.at >= parts.settings.traceEvery } ?? true
        work.learned.past = work.evaluator.past
        let journal = work.journal
        plan(decision, &work)
        let actions = work.journal.changes
        let entry: DecisionRecorder.Entry
        do {
            let input = try JSONLineEncoder.encode(record.input)
            var trace = StoredDecision.Trace.digest
            if keepsTrace {
                let said = try JSONLineEncoder.encode(decision)
                trace = .full(DecisionRecord.joined(input: input, decision: said))
            }
            let stored = StoredDecision(
                fleet: name,
                at: decision.at,
                outcome: decision.outcome.rawValue,
                current: decision.current,
                target: decision.target,
                reason: decision.reason,
                inputDigest: SHA256.hash(data: input).hexadecimal,
                trace: trace
            )
            entry = DecisionRecorder.Entry(
                decision: stored,
                content: DecisionChain.content(of: stored),
                policyStates: changedStates(work, at: decision.at),
                memories: work.learned.changes(since: work.storedFacts, of: name, at: decision.at),
                actions: actions
            )
        } catch {
            work.journal = journal
            return notRecorded("\(error)", &work)
        }
        if let error = await services.recorder.record(entry) {
            work.journal = journal
            return notRecorded(error.description, &work)
        }
        work.journal.noteStored(actions)
        work.decision = decision
        if keepsTrace { work.traced = (decision.at, decision.outcome, decision.reason) }
        work.storedFacts = work.learned
        for policy in work.assembly.policies { work.storedStates[policy.name] = work.evaluator.state(of: policy.name) }
        parts.report(
            .decided(
                fleet: name,
                at: decision.at,
                outcome: decision.outcome.rawValue,
                reason: decision.reason,
                isNews: isNews
            )
        )
        return true
    }

    private func notRecorded(_ why: String, _ work: inout LaneWork) -> Bool {
        work.notes.append("decisions cannot be stored, so none is carried out: \(why)")
        parts.report(.notRecorded(fleets: [name], why: why))
        return false
    }

    /// What policies want to remember, where it is other than what is stored.
    private func changedStates(_ work: LaneWork, at time: Timestamp) -> [PolicyState] {
        work.assembly.policies.compactMap { policy in
            let state = work.evaluator.state(of: policy.name)
            guard state != work.storedStates[policy.name] ?? .null else { return nil }
            guard let data = state.remembered else {
                parts.report(.trouble("fleet \(name): the state of policy \(policy.name) is too large to be kept"))
                return nil
            }
            return PolicyState(fleet: name, policy: policy.name, at: time, state: data)
        }
    }
}

extension DecisionRecord {
    /// The record's JSON, of parts that are encoded already.
    static func joined(input: [UInt8], decision: [UInt8]) -> Data {
        var data = Data(capacity: input.count + decision.count + 24)
        data.append(contentsOf: #"{"input":"#.utf8)
        data.append(contentsOf: input)
        data.append(contentsOf: #","decision":"#.utf8)
        data.append(contentsOf: decision)
        data.append(contentsOf: "}".utf8)
        return data
    }
}
