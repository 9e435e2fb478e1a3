import Decision
import Domain
import Drivers
import KPIStore
import StateStore

extension FleetLane {
    /// The *act* verb: carries out what was decided, as far as the driver can, and makes resources what they should be.
    ///
    /// The decision and its actions are durable by now. What fails is not made up for here: the next evaluation sees what is there, and
    /// decides anew.
    ///
    /// A fleet that has changed is looked at again soon; one whose driver failed, or had no room, is not, however many readings come.
    func act(on decision: Decision, after resumed: Done, _ work: inout LaneWork) async -> Ending {
        var ending = Ending()
        var done = resumed
        // A driver that has just failed is not asked for more: what was decided now waits for its next turn with the rest.
        if !resumed.failed { done += await carryOut(decidedAt: decision.at, &work) }
        ending.again = done.changed > 0
        if done.isTried { work.actionFailures = done.failed ? work.actionFailures + 1 : 0 }
        // Where there is no room, asking more often makes none.
        if done.failed || done.refused > 0 && !ending.again {
            let next = parts.clock.now + backoff(after: work.actionFailures, work, most: .minutes(1))
            ending.notBefore = next
            work.notes.append("the fleet is decided again at \(next)")
        }
        if work.isLosingStarts {
            let next = parts.clock.now + backoff(after: work.lostStarts, work, most: .minutes(1))
            ending.notBefore = max(ending.notBefore ?? next, next)
        }
        let configured = await configure(&work, at: decision.at)
        if configured == .unfinished { ending.again = true }
        return ending
    }

    /// An interval, doubled by each failure in a row.
    func backoff(after failures: Int, _ work: LaneWork, most: TimeSpan) -> TimeSpan {
        let interval = max(work.assembly.fleet.interval.milliseconds, 1000)
        return TimeSpan(milliseconds: min(interval << Int64(min(max(failures, 1) - 1, 10)), most.milliseconds))
    }

    /// What came of actions that were tried.
    struct Done {
        /// Resources that were started, retired or assigned.
        var changed = 0
        /// Those that could not be had.
        var refused = 0
        /// The driver failed.
        var failed = false
        var isTried = false

        static func += (a: inout Done, b: Done) {
            a.changed += b.changed
            a.refused += b.refused
            a.failed = a.failed || b.failed
            a.isTried = a.isTried || b.isTried
        }
    }

    /// Tries all actions that are due: checks them, writes that they are tried, and then tries them.
    ///
    /// - Parameter time: only those that were decided then, on what is seen now; nil: all that are left from before.
    func carryOut(decidedAt time: Timestamp?, _ work: inout LaneWork) async -> Done {
        var done = Done()
        let isMeant = { (action: Action) in action.isDue && (time.map { action.decided == $0 } ?? true) }
        guard work.journal.open.contains(where: isMeant) else { return done }
        done.isTried = true
        guard await precheck(isMeant, isFresh: time != nil, &work) else {
            done.failed = true
            return done
        }
        let tried = work.journal.open.filter { isMeant($0) && $0.state == .prechecked }
        guard !tried.isEmpty else { return done }
        guard await write(&work) else {
            done.failed = true
            return done
        }
        var (started, retired) = (0, 0)
        var assignments: [Action] = []
        for action in tried {
            switch action.body {
            case .start(let persona, let count, let fallbacks):
                let answer = await start(count, [persona] + fallbacks.filter { $0 != persona }, action, &work)
                started += answer.changed
                done += answer
            case .retire(let ids):
                let answer = await retire(ids, action, &work)
                retired += answer.changed
                done += answer
            case .assign: assignments.append(action)
            case .configure: break
            }
        }
        done.changed += await assign(assignments, &work)
        if tried.contains(where: { $0.stored.kind == .start || $0.stored.kind == .retire }) {
            parts.report(.acted(fleet: name, started: started, retired: retired, refused: done.refused))
        }
        return done
    }

    // MARK: Starting and retiring

    private func start(_ count: Int, _ personas: [String], _ action: Action, _ work: inout LaneWork) async -> Done {
        var (ids, left, reasons) = ([String](), count, [String]())
        for persona in personas where left > 0 {
            guard let request = provisionRequest(left, persona, action, work) else { continue }
            let driver = work.assembly.driver
            do throws(DriverError) {
                let answer = try await callingDriver { () throws(DriverError) in try await driver.provision(request) }
                ids += answer.ids
                left = max(0, min(left, answer.refused))
                if let reason = answer.reason, answer.refused > 0 {
                    if !reasons.contains(reason) { reasons.append(reason) }
                    work.say("\(answer.refused) not started: \(reason)")
                }
            } catch {
                actionFailed("start \(left) of \(persona)", error, action, &work)
                return Done(changed: ids.count, failed: true)
            }
        }
        let reason = reasons.isEmpty ? nil : reasons.joined(separator: "; ")
        work.journal.take(.answered(ids: ids, refused: left, reason: reason), for: action.key, at: parts.clock.now)
        work.contests.start(ids.count, at: parts.clock.now)
        return Done(changed: ids.count, refused: left)
    }

    func provisionRequest(_ count: Int, _ name: String, _ action: Action, _ work: LaneWork) -> ProvisionRequest? {
        guard let persona = work.assembly.persona(name) else { return nil }
        return ProvisionRequest(
            count: count,
            persona: persona,
            files: PersonaRendering.commonFiles(of: persona, in: self.name),
            key: "\(action.key)/\(name)"
        )
    }

    private func retire(_ ids: [String], _ action: Action, _ work: inout LaneWork) async -> Done {
        let driver = work.assembly.driver
        // Whatever becomes of the call: that they leave is our doing.
        work.contests.retire(ids)
        do throws(DriverError) {
            let gone = try await callingDriver { () throws(DriverError) in
                try await driver.retire(RetireRequest(ids: ids, key: "\(action.key)/ids"))
            }
            work.watch.retire(gone)
            work.journal.take(.answered(ids: gone, refused: 0, reason: nil), for: action.key, at: parts.clock.now)
            return Done(changed: gone.count)
        } catch {
            actionFailed("retire \(ids.count)", error, action, &work)
            return Done(failed: true)
        }
    }

    private func actionFailed(_ what: String, _ error: DriverError, _ action: Action, _ work: inout LaneWork) {
        // Who understood and said no has done nothing; of all others nobody knows.
        let isFinal = [.refused, .notFound, .notGranted].contains(error.kind)
        work.journal.take(.callFailed(error.description, isFinal: isFinal), for: action.key, at: parts.clock.now)
        work.say("could not \(what): \(error)")
        parts.report(.driverFailed(fleet: name, what: "could not \(what): \(error)"))
    }
}
