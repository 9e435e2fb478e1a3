import Domain

/// What starts and what retires, before it becomes a plan.
struct Change {
    /// In the order to try.
    var start: [PersonaCount] = []
    var retire: [ResourceGroup] = []

    var isEmpty: Bool { start.isEmpty && retire.isEmpty }

    var started: Int { start.reduce(0) { Count.sum($0, $1.count) } }
    var retired: Int { retire.reduce(0) { Count.sum($0, $1.count) } }

    /// Makes up to `count` resources of a persona fewer: what has not started first, then more that retire. Returns how many.
    mutating func take(_ count: Int, of persona: String, standing: Standing) -> Int {
        var left = count
        for index in start.indices.reversed() where start[index].persona == persona {
            let taken = min(left, start[index].count)
            start[index].count -= taken
            left -= taken
        }
        start.removeAll { $0.count == 0 }
        return count - left + retire(left, of: persona, standing: standing)
    }

    /// Retires up to `count` more of a persona, in the order of retirement. Returns how many.
    mutating func retire(_ count: Int, of persona: String, standing: Standing) -> Int {
        var left = count
        for group in standing.retirable where left > 0 && standing.rules(of: group.persona)?.name == persona {
            let index = retire.firstIndex { $0.isSame(as: group) }
            let free = group.count - (index.map { retire[$0].count } ?? 0)
            let taken = min(left, free)
            guard taken > 0 else { continue }
            if let index {
                retire[index].count += taken
            } else {
                var part = group
                part.count = taken
                retire.append(part)
            }
            left -= taken
        }
        return count - left
    }
}

extension ResourceGroup {
    func isSame(as other: ResourceGroup) -> Bool {
        persona == other.persona && state == other.state && since == other.since
    }
}

extension Deliberation {
    /// Who starts and who retires so that the count becomes what it is, and what a wanted mix moves besides.
    mutating func makeChange() -> Change {
        if let wantedMix, blindness == nil { return changeMix(to: wantedMix) }
        if count > current {
            return Change(start: standing.additions(count - current, from: additions, filler: filler))
        }
        guard count < current else { return Change() }
        let change = Change(retire: standing.retirements(current - count))
        let kept = current - change.retired
        if kept > count {
            rail("plan", kept, "\(NumberText.count(standing.unmanaged)) are not ours and never retired")
        }
        return change
    }

    /// Towards a mix: what it lacks starts, what it has too much of retires, but nothing that serves the demand of this moment before
    /// its replacement is ready.
    private mutating func changeMix(to wanted: [PersonaCount]) -> Change {
        let parts = standing.additions(count, from: wanted, filler: filler)
        var change = Change()
        for part in parts {
            let lacking = part.count - standing.count(of: part.persona)
            if lacking > 0 { change.start.append(PersonaCount(persona: part.persona, count: lacking)) }
        }
        let isReplacing = !change.isEmpty
        var budget = removalsLeft ?? Count.most
        var spare = isReplacing ? standing.readyCapacity - (sizing.demandNow ?? standing.readyCapacity) : .infinity
        var waiting = 0
        for group in standing.retirable {
            let wantedHere = parts.first { $0.persona == group.persona }?.count ?? 0
            let retiring = change.retire.reduce(0) { $1.persona == group.persona ? $0 + $1.count : $0 }
            let surplus = min(group.count, standing.count(of: group.persona) - retiring - wantedHere)
            guard surplus > 0 else { continue }
            var going = min(surplus, budget)
            if group.state == .ready, spare < .infinity, let each = standing.rules(of: group.persona)?.capacity {
                going = min(going, Count.fitting(spare, by: each))
                spare -= each * Double(going)
            }
            waiting += surplus - going
            guard going > 0 else { continue }
            budget -= going
            var part = group
            part.count = going
            change.retire.append(part)
        }
        return fit(change, waiting: waiting)
    }

    /// Keeps a change of mix within the maximum, and its step in the trace.
    private mutating func fit(_ change: Change, waiting: Int) -> Change {
        var change = change
        let room = max(0, max(bounds.max, current) - current + change.retired)
        change.start = standing.additions(min(change.started, room), from: change.start, filler: nil)
        let after = Count.bounded(current + change.started - change.retired)
        if waiting > 0 {
            let stay = NumberText.count(waiting)
            rail("mix", after, "\(stay) of other personas serve until their replacements are ready, or until they may go")
        } else if after != count {
            step("mix", after, "towards the mix that was asked for")
        }
        return change
    }
}
