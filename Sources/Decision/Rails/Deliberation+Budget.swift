import Domain

extension Deliberation {
    /// What all fleets together may take: fewer resources start, none is removed for it, and the way up to the minimum is free.
    mutating func keepBudget() {
        guard let shared = rules.shared, !change.start.isEmpty else { return }
        if let left = shared.startsLeft, let most = shared.starts, change.started > Swift.max(0, left) {
            let (before, free) = (change.started, Swift.max(0, left))
            cutStarts(to: free)
            guard change.started < before else { return }
            rail(
                "budget",
                change.count(from: current),
                "at most \(NumberText.count(most)) resources of all fleets may be starting at once: "
                    + "\(NumberText.count(change.started)) of \(NumberText.count(before)) start now"
            )
        }
        guard let left = shared.costLeft, let most = shared.costPerHour, left.isFinite else { return }
        let wanted = costPerHour - standing.costPerHour
        guard wanted > Swift.max(0, left) + 1e-9 * Swift.max(1, most) else { return }
        let before = change.started
        var over = wanted - Swift.max(0, left)
        var keep = before
        for part in change.start.reversed() where over > 1e-9 * Swift.max(1, most) {
            let each = standing.rules(of: part.persona)?.cost.perHour ?? 0
            guard each > 0 else { continue }
            let taken = min(part.count, Count.covering(over, by: each))
            keep -= taken
            over -= each * Double(taken)
        }
        cutStarts(to: keep)
        guard change.started < before else { return }
        rail(
            "budget",
            change.count(from: current),
            "all fleets together may cost \(NumberText.amount(most))/h, \(NumberText.amount(Swift.max(0, left)))/h is left: "
                + "\(NumberText.count(change.started)) of \(NumberText.count(before)) start"
        )
    }

    /// Keeps the first starts, as many as are allowed or the minimum needs; what was to be replaced by the others stays.
    private mutating func cutStarts(to allowed: Int) {
        let least = Swift.max(0, bounds.min - current)
        let kept = Swift.max(allowed, least)
        guard kept < change.started else { return }
        if !change.retire.isEmpty { change.retire = [] }
        change.start = standing.additions(kept, from: change.start, filler: nil)
    }
}
