import Domain

extension Deliberation {
    /// Scale-in goes no lower than the largest need of the last while.
    ///
    /// Scale-out never waits.
    mutating func settle() {
        guard count < current, let span = limits.settle, span > .zero else { return }
        let start = observation.now - span
        var largest = 0
        for entry in observation.past where entry.at >= start { largest = max(largest, Count.bounded(entry.need)) }
        let least = min(largest, current, bounds.max)
        guard count < least else { return }
        rail("settle", least, "settle: \(NumberText.count(largest)) were needed within the last \(span)")
    }

    /// How often the direction may turn within a window.
    ///
    /// It is the turn inwards that waits: what must grow grows, and a fleet that does not turn inwards has nothing to turn back from.
    mutating func keepReversals() {
        guard count < current, let limit = limits.reversals else { return }
        let (turns, lastDirection) = turns(since: observation.now - limit.window)
        // A lowered maximum does not wait: it comes from a person, not from demand that swings.
        let least = min(current, bounds.max)
        guard lastDirection > 0, turns >= max(0, limit.count), count < least else { return }
        let used = turns == 1 ? "turned once" : "turned \(NumberText.count(turns)) times"
        rail("reversals", least, "reversal budget \(limit) is used up (\(used)): no scale-in")
    }

    /// Turns after `start`, and the way that the target last moved: 1 out, −1 in, 0 not yet.
    private func turns(since start: Timestamp) -> (count: Int, lastDirection: Int) {
        var turns = 0
        var direction = 0
        var before: Int?
        for entry in observation.past {
            let target = Count.bounded(entry.target)
            if let before, target != before {
                let now = target > before ? 1 : -1
                if now == -direction, entry.at > start { turns += 1 }
                direction = now
            }
            before = target
        }
        return (turns, direction)
    }
}
