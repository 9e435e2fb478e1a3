import Domain

extension Deliberation {
    /// Persona changes that policies ask for and the rails let pass.
    ///
    /// A resource that changes its persona restarts or reloads, so it counts as one removal, and what a dearer persona costs more
    /// must be paid for.
    mutating func passAssignments() -> [PlannedAssignment] {
        var passed: [PlannedAssignment] = []
        var taken: Set<String> = []
        var budget = removalsLeft.map { max(0, $0 - change.retired) } ?? Count.most
        var money = limits.costPerHour.map { $0.isFinite ? $0 - costPerHour : .infinity } ?? .infinity
        let cheapest = standing.personas.map(\.cost.perHour).min() ?? 0
        for proposal in proposals {
            guard case .assign(let resource, let persona, let duration) = proposal.ask else { continue }
            let rules = standing.personas.first { $0.name == persona }
            // Which persona it plays now is not known here: the most that the change can cost counts.
            let more = max(0, (rules?.cost.perHour ?? 0) - cheapest)
            let refusal: String? =
                if !self.rules.personas.contains(where: { $0.name == persona }) {
                    "the fleet has no persona \(persona)"
                } else if duration.map({ $0 <= .zero }) ?? false {
                    "its duration is not above 0"
                } else if taken.contains(resource) {
                    "another policy's assignment came first"
                } else {
                    refusal(more: more, money: money, budget: budget)
                }
            var words = "\(proposal.policy) asks to assign \(resource) to \(persona)"
            if !proposal.reason.isEmpty { words += ": \(proposal.reason)" }
            if let refusal {
                note("proposal", "\(words); refused: \(refusal)")
                continue
            }
            note("proposal", words)
            if cause.isEmpty || count == current { cause = words }
            budget -= 1
            taken.insert(resource)
            money -= more
            passed.append(
                PlannedAssignment(
                    resource: resource,
                    persona: persona,
                    until: duration.map { observation.now + $0 },
                    reason: proposal.reason
                )
            )
        }
        return passed
    }

    private func refusal(more: Double, money: Double, budget: Int) -> String? {
        if blindness != nil { return "the fleet is blind" }
        if budget < 1 { return "the removal budget is used up" }
        if more > 0, more > money + 1e-9 * max(1, abs(money)) { return "the cost ceiling does not allow it" }
        if let freeze { return "frozen until \(freeze.to)" }
        if let pause = overrides.all { return "paused \(pause.origin)" }
        return nil
    }
}
