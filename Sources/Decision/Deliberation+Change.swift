import Domain

extension Deliberation {
    /// Who starts and who retires so that the count becomes what it is, and what a wanted mix moves besides.
    mutating func makeChange() -> Change {
        if let wantedMix, blindness == nil, !(held.in && held.out) { return changeMix(to: wantedMix) }
        if count > current {
            let change = Change(start: standing.additions(count - current, from: additions, filler: filler))
            if change.count(from: current) < count {
                rail("plan", change.count(from: current), "the fleet has no persona, so nothing can start")
            }
            return change
        }
        guard count < current else { return Change() }
        let change = Change(retire: standing.retirable.taking(current - count))
        if change.count(from: current) > count {
            let foreign = NumberText.count(standing.unmanaged)
            rail("plan", change.count(from: current), "\(foreign) are not ours and never retired")
        }
        return change
    }

    /// How many there may be while others replace what is there: maximum and step limit stay in force, and so does a policy that wants no
    /// more.
    var mostWhileReplacing: Int {
        let most = min(max(bounds.max, current), mostByStep)
        return held.out ? min(most, max(bounds.min, current)) : most
    }

    /// Towards a mix: what it lacks starts, what it has too much of retires, but nothing that serves the demand of this moment before
    /// its replacement is ready.
    private mutating func changeMix(to wanted: [PersonaCount]) -> Change {
        let parts = standing.mix(of: count, towards: wanted, filler: filler)
        var change = Change()
        for part in parts {
            let lacking = part.count - standing.count(of: part.persona)
            if lacking > 0 { change.start.append(PersonaCount(persona: part.persona, count: lacking)) }
        }
        let isReplacing = !change.isEmpty
        var budget = min(removalsLeft ?? Count.most, held.in ? max(0, current - count) : Count.most)
        var spare = isReplacing ? standing.readyCapacity - (sizing.demandNow ?? standing.readyCapacity) : .infinity
        var waiting = 0
        var surplus: [String: Int] = [:]
        for group in standing.retirable {
            let wantedHere = parts.first { $0.persona == group.persona }?.count ?? 0
            let left = surplus[group.persona] ?? (standing.count(of: group.persona) - wantedHere)
            let tooMany = min(group.count, left)
            guard tooMany > 0 else { continue }
            surplus[group.persona] = left - tooMany
            var going = min(tooMany, budget)
            if group.state == .ready, spare < .infinity, let each = standing.rules(of: group.persona)?.capacity {
                going = min(going, Count.fitting(spare, by: each))
                spare -= each * Double(going)
            }
            waiting += tooMany - going
            guard going > 0 else { continue }
            budget -= going
            var part = group
            part.count = going
            change.retire.append(part)
        }
        return fit(change, waiting: waiting)
    }

    /// Keeps a change of mix within what there may be, and its step in the trace.
    private mutating func fit(_ change: Change, waiting: Int) -> Change {
        var change = change
        let room = max(0, max(mostWhileReplacing, count) - current + change.retired)
        change.start = standing.additions(min(change.started, room), from: change.start, filler: nil)
        let after = change.count(from: current)
        if waiting > 0 {
            let stay = NumberText.count(waiting)
            rail(
                "mix",
                after,
                "\(stay) of other personas serve until their replacements are ready, or until they may go"
            )
        } else if after != count {
            step("mix", after, "towards the mix that was asked for")
        }
        return change
    }
}
