import Domain

extension Deliberation {
    /// Turns the change into a plan, and says in one sentence what was decided and why.
    mutating func conclude() -> Decision {
        let assignments = passAssignments()
        var plan = Plan(start: change.start, retire: change.retire, assign: assignments)
        if !plan.start.isEmpty { plan.fallbacks = fallbacks(beside: plan.start) }

        let wanted: Decision.Outcome =
            if count > current { .scaleOut } else if count < current { .scaleIn } else {
                plan.isEmpty ? .hold : .change
            }
        let outcome: Decision.Outcome =
            switch rules.mode {
            case _ where wanted == .hold || isPaused: wanted
            case .act: wanted
            case .approve: .await
            case .observe, .advise: .advise
            }
        note("plan", inWords(plan))
        let reason = sentence(wanted)
        if outcome == .advise { plan = Plan() }
        return Decision(
            fleet: observation.fleet,
            at: observation.now,
            outcome: outcome,
            current: current,
            target: count,
            need: need,
            plan: plan,
            reason: reason,
            steps: steps
        )
    }

    private var isPaused: Bool { overrides.all != nil }

    /// Other personas that can serve, the cheapest per unit of capacity first.
    private func fallbacks(beside start: [PersonaCount]) -> [String] {
        standing.personas.enumerated()
            .filter { persona in !start.contains { $0.persona == persona.element.name } }
            .sorted { a, b in
                let (x, y) = (a.element.costOfCapacity, b.element.costOfCapacity)
                return x != y ? x < y : a.offset < b.offset
            }
            .map(\.element.name)
    }

    private func inWords(_ plan: Plan) -> String {
        var parts: [String] = []
        if !plan.start.isEmpty { parts.append("start \(plan.start.inWords)") }
        if !plan.retire.isEmpty {
            let starting = plan.retire.reduce(0) { $1.state == .starting ? $0 + $1.count : $0 }
            let ready = plan.retire.reduce(0) { $1.state == .ready ? $0 + $1.count : $0 }
            var text = "retire "
            if starting > 0 { text += "\(NumberText.count(starting)) still starting" }
            if ready > 0 { text += (starting > 0 ? " and " : "") + "\(NumberText.count(ready)) ready" }
            let assigned = plan.retire.reduce(0) { $1.assigned ? $0 + $1.count : $0 }
            if assigned > 0 {
                text += " (\(NumberText.count(assigned)) of them assigned by a person: no other is left)"
            }
            parts.append(text)
        }
        for assignment in plan.assign { parts.append("assign \(assignment.resource) to \(assignment.persona)") }
        if !parts.isEmpty { return parts.joined(separator: ", ") }
        if verdicts.isEmpty { return "nothing changes: \(NumberText.count(current)) are what is needed" }
        return "nothing changes: " + verdicts.joined(separator: "; ")
    }

    /// `scale out 12 → 15: demand in 10 min expected at 1,790 (95 %), 120 each; step limit allowed 15 of 18`.
    private func sentence(_ wanted: Decision.Outcome) -> String {
        let (from, to) = (NumberText.count(current), NumberText.count(count))
        let isSaid = !isPaused && rules.mode != .act && wanted != .hold
        var text: String
        switch wanted {
        case .scaleOut: text = "scale out \(from) → \(to)"
        case .scaleIn: text = "scale in \(from) → \(to)"
        case .change: text = "change personas at \(to)"
        case .hold, .advise, .await: text = "hold at \(to)"
        }
        if isSaid { text = (rules.mode == .approve ? "awaits approval: " : "would ") + text }
        text += ": " + (cause.isEmpty ? "nothing asks for another count" : cause)
        for verdict in verdicts { text += "; " + verdict }
        return text
    }
}
