import Decision
import Domain
import Drivers
import StateStore

extension FleetLane {
    /// Asks everything that may speak against the actions that are due; what nothing speaks against is `prechecked` afterwards.
    ///
    /// Those that were just decided have passed the rails on what is seen now. Those from before have not: the limits are looked at once more.
    ///
    /// - Returns: false where the driver could not be asked: nothing may be tried now.
    func precheck(_ isMeant: (Action) -> Bool, isFresh: Bool, _ work: inout LaneWork) async -> Bool {
        let now = parts.clock.now
        for action in work.journal.open where isMeant(action) {
            guard let why = objection(to: action, isFresh: isFresh, work, at: now) else { continue }
            object(why, to: action, &work)
        }
        let due = work.journal.open.filter(isMeant)
        var plan = PrecheckPlan()
        for action in due {
            switch action.body {
            case .start(let persona, let count, _):
                if let request = provisionRequest(count, persona, action, work) {
                    plan.starts.append(PrecheckPlan.Start(count: request.count, persona: request.persona))
                }
            case .retire(let ids): plan.retire += ids
            case .assign, .configure: break
            }
        }
        if !plan.starts.isEmpty || !plan.retire.isEmpty {
            let driver = work.assembly.driver
            let asked = plan
            do throws(DriverError) {
                let objections = try await callingDriver { () throws(DriverError) in try await driver.precheck(asked) }
                if !objections.isEmpty {
                    let why = "driver \(work.assembly.fleet.driver) objects: \(objections.joined(separator: "; "))"
                    for action in due where action.stored.kind == .start || action.stored.kind == .retire {
                        object(why, to: action, &work)
                    }
                }
            } catch {
                let why = "could not check the plan: \(error)"
                work.say(why)
                parts.report(.driverFailed(fleet: name, what: why))
                return false
            }
        }
        for action in work.journal.open where isMeant(action) && action.state == .planned {
            work.journal.take(.prechecked, for: action.key, at: parts.clock.now)
        }
        return true
    }

    private func object(_ why: String, to action: Action, _ work: inout LaneWork) {
        work.journal.take(.objection(why), for: action.key, at: parts.clock.now)
        work.say("not done (\(action.stored.summary)): \(why)")
        parts.report(.actionFailed(fleet: name, what: action.stored.summary, why: why))
    }

    private func objection(to action: Action, isFresh: Bool, _ work: LaneWork, at now: Timestamp) -> String? {
        let fleet = work.assembly.fleet
        if fleet.mode == .observe || fleet.mode == .advise { return "the fleet's mode is \(fleet.mode.rawValue)" }
        let words = services.overrides.holding(for: name, at: now).map(\.word)
        let isStart = action.stored.kind == .start
        for word in words {
            if word.pause == .all || word.pause == (isStart ? .out : .in) && action.stored.kind != .assign {
                return word.inWords
            }
        }
        guard !isFresh else { return nil }
        for window in fleet.freeze where window.from <= now && now < window.to {
            if window.allow != (isStart ? .out : .in) { return "frozen until \(window.to)" }
        }
        switch action.body {
        case .start(let persona, let count, _):
            guard let rules = work.assembly.persona(persona) else {
                return "the fleet has no persona \(persona) any more"
            }
            // What it asked for the first time is counted already.
            guard action.progress.attempts == 0 else { return nil }
            let most = words.compactMap(\.max).reduce(fleet.limits.max ?? .max, min)
            let standing = asked(without: action, work)
            if standing.count + count > max(most, words.compactMap(\.min).reduce(fleet.limits.min, max)) {
                return "\(standing.count) are there, and max is \(most)"
            }
            let more = rules.cost.perHour * Double(count)
            if let ceiling = fleet.limits.costPerHour, standing.cost + more > ceiling * (1 + 1e-9) {
                return "the cost ceiling \(NumberText.amount(ceiling))/h does not allow it"
            }
            // One that was cut off after it had been tried has its share already, or takes it with the next decision.
            return action.state == .planned ? services.ledger.take(name, cost: more, starts: count) : nil
        case .retire(let ids):
            let least = words.compactMap(\.min).reduce(fleet.limits.min, max)
            let serving = asked(without: action, work).count
            let there = work.resources.count { ids.contains($0.resource.id) && $0.resource.isAsked }
            return serving - there < least ? "\(serving) are there, and min is \(least)" : nil
        case .assign, .configure: return nil
        }
    }

    /// Starting and ready, with what else is under way, and what that costs an hour.
    private func asked(without action: Action, _ work: LaneWork) -> (count: Int, cost: Double) {
        var others = Journal()
        others.add(work.journal.open.filter { $0.key != action.key })
        var (count, cost) = (0, 0.0)
        for group in others.assumed(work.groups, work.resources) where group.state == .starting || group.state == .ready
        {
            count += group.count
            cost += Double(group.count) * (work.assembly.persona(group.persona)?.cost.perHour ?? 0)
        }
        return (count, cost)
    }
}

extension Resource {
    /// It counts towards what a fleet asks for.
    var isAsked: Bool { state == .starting || state == .ready }
}
