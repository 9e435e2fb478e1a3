import Domain

extension Deliberation {
    /// The freeze window that holds now; of several the strictest.
    var freeze: FreezeWindow? {
        var strictest: FreezeWindow?
        for window in rules.freeze where window.from <= observation.now && observation.now < window.to {
            guard let held = strictest else {
                strictest = window
                continue
            }
            switch (held.allow, window.allow) {
            case (let a, let b) where a == b: strictest?.to = max(held.to, window.to)
            case (.nothing, _): break
            case (_, .nothing): strictest = window
            // Two windows that allow opposite ways allow nothing together, for as long as both hold.
            default: strictest = FreezeWindow(from: window.from, to: min(held.to, window.to), allow: .nothing)
            }
        }
        return strictest
    }

    mutating func keepFreeze() {
        guard let window = freeze else { return }
        let until = "frozen until \(window.to)"
        let wanted = change
        let allowed: String
        switch window.allow {
        case .nothing:
            allowed = "no change"
            change = Change()
        case .out:
            allowed = "no scale-in"
            // What was to replace others comes beside them, as far as there is room.
            let room = max(0, mostWhileReplacing - current)
            if !wanted.retire.isEmpty {
                change = Change(start: standing.additions(min(wanted.started, room), from: wanted.start, filler: nil))
            }
        case .in:
            allowed = "no scale-out"
            // What was to be replaced stays: only what goes without a replacement may go.
            if !wanted.start.isEmpty { change = Change(retire: wanted.retire.taking(current - count)) }
        }
        if change == wanted {
            note("freeze", "\(until): \(allowed)")
        } else {
            rail("freeze", change.count(from: current), "\(until): \(allowed)")
        }
    }

    /// A person's word on what the fleet may do of itself.
    ///
    /// What is only said leaves the target as it would be, and no plan.
    mutating func keepMode() {
        if rules.paused {
            if !change.isEmpty { verdicts.append("paused by a person") }
            change = Change()
            step("mode", current, "paused by a person: \(NumberText.count(current)) stay")
            return
        }
        switch rules.mode {
        case .act: break
        case .approve: step("mode", count, "mode approve: a person decides")
        case .observe, .advise: step("mode", count, "mode \(rules.mode.rawValue): said, not done")
        }
    }
}
