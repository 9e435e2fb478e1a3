import Domain

extension Deliberation {
    /// The guard rails, in the order that is promised.
    ///
    /// The first ones bound a number; from the cost ceiling on it is known which resources are meant.
    mutating func passRails() {
        seeBlindness()
        keepMinAndMax()
        keepStep()
        settle()
        keepReversals()
        keepRemovals()
        change = makeChange()
        keepCost()
        keepBudget()
        keepFreeze()
        keepPause()
        keepMode()
    }

    // MARK: Blindness

    /// What a fleet cannot see it does not act on: it holds, or at least removes nothing.
    private mutating func seeBlindness() {
        var reasons: [String] = []
        var holdsBoth = false
        if let status = observation.demand.blindness, dependsOnDemand {
            reasons.append("demand is \(status)")
            holdsBoth = rules.onBlind == .hold
        }
        for outcome in input.policies {
            switch outcome.ending {
            case .proposed: break
            case .blind(let what):
                reasons.append("\(outcome.policy) is blind (\(what))")
                if rules.onBlind == .hold { holdsBoth = true }
            // A script at fault says nothing about the fleet: others may still ask for more, nobody for less.
            case .failed(let why): reasons.append("\(outcome.policy) failed (\(why))")
            }
        }
        guard !reasons.isEmpty else { return }
        blindness = holdsBoth ? .holdsBoth : .holdsIn
        let seen = reasons.joined(separator: ", ")
        if holdsBoth {
            rail("blindness", current, "\(seen): held at \(NumberText.count(current))")
        } else if count < current {
            rail("blindness", current, "\(seen): nothing is removed")
        } else {
            rail("blindness", count, "\(seen): nothing may be removed")
        }
    }

    /// A fleet that neither forecasts nor sizes by demand does not go blind with it.
    private var dependsOnDemand: Bool { rules.prediction != .off }

    // MARK: Minimum and maximum

    private mutating func keepMinAndMax() {
        if count < bounds.min {
            let person = overrides.least.flatMap { $0.min == bounds.min ? " \($0.origin)" : nil } ?? ""
            rail("min_max", bounds.min, "min is \(NumberText.count(bounds.min))\(person)")
        } else if count > bounds.max {
            let wanted = NumberText.count(count)
            let person = overrides.most.flatMap { $0.max == bounds.max ? " (\($0.origin))" : nil } ?? ""
            rail("min_max", bounds.max, "max\(person) allowed \(NumberText.count(bounds.max)) of \(wanted)")
        }
    }
}
