import Domain

extension Deliberation {
    /// Takes what is dearest per unit of capacity until the rest is paid for; of one persona first what has not started.
    ///
    /// Stops at the minimum, and then only says so.
    mutating func keepCost() {
        guard let ceiling = limits.costPerHour, ceiling.isFinite, ceiling >= 0 else { return }
        let cost = costPerHour
        guard cost > ceiling * (1 + 1e-9) else { return }
        let before = count
        var over = cost - ceiling
        let byPrice = standing.personas.enumerated()
            .sorted { a, b in
                let (x, y) = (a.element.costOfCapacity, b.element.costOfCapacity)
                return x != y ? x > y : a.offset > b.offset
            }
        var left = count
        for (_, persona) in byPrice where persona.cost.perHour > 0 && over > 1e-9 * ceiling && left > bounds.min {
            let wanted = min(Count.covering(over, by: persona.cost.perHour), left - bounds.min)
            let taken = change.take(wanted, of: persona.name, standing: standing)
            left -= taken
            over -= persona.cost.perHour * Double(taken)
        }
        var reason = "cost ceiling \(NumberText.amount(ceiling))/h"
        if left < before {
            reason +=
                " pays for \(NumberText.count(left)) of \(NumberText.count(before)) (\(NumberText.amount(cost))/h)"
        }
        if over > 1e-9 * max(ceiling, 1e-9) {
            let now = NumberText.amount(ceiling + over)
            reason +=
                left <= bounds.min
                ? ": min \(NumberText.count(bounds.min)) costs \(now)/h and stays"
                : ": \(now)/h stays, the rest is not ours"
        }
        rail("cost", left, reason)
    }

    /// What is asked for would cost, change included.
    var costPerHour: Double {
        var cost = standing.costPerHour
        for part in change.start { cost += (standing.rules(of: part.persona)?.cost.perHour ?? 0) * Double(part.count) }
        for group in change.retire {
            cost -= (standing.rules(of: group.persona)?.cost.perHour ?? 0) * Double(group.count)
        }
        return cost
    }
}
