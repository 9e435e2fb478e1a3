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
        keep(window.allow, rule: "freeze", because: "frozen until \(window.to)")
    }

    /// A person stopped one direction; who stopped both is heard with the mode.
    mutating func keepPause() {
        guard overrides.all == nil else { return }
        if let pause = overrides.out { keep(.in, rule: "pause", because: pause.inWords) }
        if let pause = overrides.in { keep(.out, rule: "pause", because: pause.inWords) }
    }

    /// Takes from the change what is not allowed.
    private mutating func keep(_ allow: FreezeWindow.Allowed, rule: String, because why: String) {
        let wanted = change
        let allowed: String
        switch allow {
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
            note(rule, "\(why): \(allowed)")
        } else {
            rail(rule, change.count(from: current), "\(why): \(allowed)")
        }
    }

    /// A person's word on what the fleet may do of itself.
    ///
    /// What is only said leaves the target as it would be, and no plan.
    mutating func keepMode() {
        if let pause = overrides.all {
            let why = "paused \(pause.origin)"
            if !change.isEmpty { verdicts.append(why) }
            change = Change()
            step("mode", current, "\(why): \(NumberText.count(current)) stay")
            return
        }
        switch rules.mode {
        case .act: break
        case .approve: step("mode", count, "mode approve: a person decides")
        case .observe, .advise: step("mode", count, "mode \(rules.mode.rawValue): said, not done")
        }
    }
}
