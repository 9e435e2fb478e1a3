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
            if held.allow == .nothing { continue }
            // Two windows that allow opposite ways allow nothing together.
            if window.allow == .nothing || window.allow != held.allow {
                strictest = FreezeWindow(from: window.from, to: max(window.to, held.to), allow: .nothing)
            }
        }
        return strictest
    }

    mutating func keepFreeze() {
        guard let window = freeze else { return }
        let until = "frozen until \(window.to)"
        let isRefused =
            switch window.allow {
            case .nothing: count != current || !change.isEmpty
            case .out: count < current || !change.retire.isEmpty
            case .in: count > current || !change.start.isEmpty
            }
        let allowed =
            switch window.allow {
            case .nothing: "no change"
            case .out: "no scale-in"
            case .in: "no scale-out"
            }
        if isRefused {
            change = Change()
            rail("freeze", current, "\(until): \(allowed)")
        } else {
            step("freeze", count, "\(until): \(allowed)")
        }
    }

    /// A person's word on what the fleet may do of itself. What is only said leaves the target as it would be, and no plan.
    mutating func keepMode() {
        if rules.paused {
            change = Change()
            let wanted = count
            step("mode", current, "paused by a person: \(NumberText.count(current)) stay")
            if wanted != current { verdicts.append("paused by a person") }
            return
        }
        switch rules.mode {
        case .act: break
        case .approve: step("mode", count, "mode approve: a person decides")
        case .observe, .advise: step("mode", count, "mode \(rules.mode.rawValue): said, not done")
        }
    }
}
