import Domain

extension Deliberation {
    /// How far the target may move within a window, from where it stood when the window began.
    ///
    /// The way up to the minimum is free.
    mutating func keepStep() {
        if count > current, let limit = limits.stepUp {
            let most = mostByStep
            guard count > most else { return }
            let wanted = NumberText.count(count)
            rail("step", most, "step limit \(limit) allowed \(NumberText.count(most)) of \(wanted)")
        } else if count < current, let limit = limits.stepDown {
            let base = base(of: limit)
            let least = min(max(0, base - Count.amount(limit.amount, of: base, out: false)), current)
            guard count < least else { return }
            let wanted = NumberText.count(count)
            rail("step", least, "step limit \(limit) allowed \(NumberText.count(least)), not \(wanted)")
        }
    }

    /// How far up the step limit lets the count go from here.
    var mostByStep: Int {
        guard let limit = limits.stepUp else { return Count.most }
        let base = base(of: limit)
        return max(Count.sum(base, Count.amount(limit.amount, of: base, out: true)), current, bounds.min)
    }

    /// How many resources may go within a window, whatever came in between: those that were replaced by others or changed their persona
    /// too.
    mutating func keepRemovals() {
        guard count < current, let limit = limits.removals else { return }
        let left = removalsLeft ?? 0
        guard current - count > left else { return }
        let wanted = NumberText.count(current - count)
        rail("removals", current - left, "removal budget \(limit) leaves \(NumberText.count(left)) of \(wanted)")
    }

    /// What the removal budget still allows; nil where there is none.
    var removalsLeft: Int? {
        guard let limit = limits.removals else { return nil }
        let start = observation.now - limit.window
        var removed = 0
        var before: Int?
        for entry in observation.past {
            let target = Count.bounded(entry.target)
            if entry.at > start {
                // A target that fell by itself, because resources died, leaves less to remove too.
                let fallen = before.map { $0 - target } ?? 0
                removed = Count.sum(removed, max(Count.bounded(entry.removed), fallen))
            }
            before = target
        }
        return max(0, Count.amount(limit.amount, of: base(of: limit), out: false) - removed)
    }

    /// The target when the window began, at least 1; of a history that is shorter than the window the first one.
    private func base(of limit: RateLimit) -> Int {
        let start = observation.now - limit.window
        let entry = observation.past.last { $0.at <= start } ?? observation.past.first
        return max(1, Count.bounded(entry?.target ?? current))
    }
}
