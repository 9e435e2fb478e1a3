import Domain

/// New capacity: which personas, and what they serve together.
struct Mix {
    /// In the order in which they are taken when fewer are allowed: the largest first, so that what is allowed serves most.
    var parts: [PersonaCount]
    var count: Int

    static let none = Mix(parts: [], count: 0)
}

extension Standing {
    /// The smallest number of resources, on the way from what is there, that serves `demand`: fewer in the order of retirement while
    /// what remains serves it, or more by the cheapest mix.
    ///
    /// For a fleet of one persona it is `⌈demand ÷ capacity⌉`.
    ///
    /// Nil where no persona has a capacity to size with.
    func need(for demand: Double) -> Int? {
        guard let first = personas.first, !demand.isNaN else { return nil }
        if personas.count == 1 { return Count.covering(demand, by: first.capacity) }
        let spare = capacity - demand
        if spare < -1e-9 * demand { return Count.sum(current, mix(for: -spare).count) }
        var left = spare
        var gone = 0
        for group in retirable {
            guard let each = rules(of: group.persona)?.capacity else { break }
            let going = min(group.count, Count.fitting(left, by: each))
            gone += going
            if going < group.count { break }
            left -= each * Double(going)
        }
        return max(0, current - gone)
    }

    /// The cheapest personas that serve `shortfall`; of equally cheap ones the fewest, of those the first in the fleet's order.
    ///
    /// Many of one persona, the rest by the one that costs least for it: exact where one persona's capacity divides the shortfall or the
    /// rest fits one resource, at most one resource off otherwise. O(personas²), whatever the counts.
    func mix(for shortfall: Double) -> Mix {
        guard shortfall > 0, shortfall.isFinite else { return shortfall > 0 ? largest() : .none }
        var best: (cost: Double, mix: Mix)?
        func offer(_ bulk: PersonaRules, _ bulkCount: Int, _ rest: PersonaRules, _ restCount: Int) {
            let count = Count.sum(bulkCount, restCount)
            let cost = bulk.cost.perHour * Double(bulkCount) + rest.cost.perHour * Double(restCount)
            if let best {
                // A billionth of the cost decides nothing.
                let margin = 1e-9 * max(abs(best.cost), abs(cost))
                guard cost < best.cost - margin || (cost <= best.cost + margin && count < best.mix.count) else {
                    return
                }
            }
            var parts: [PersonaCount] = []
            if bulkCount > 0 { parts.append(PersonaCount(persona: bulk.name, count: bulkCount)) }
            if restCount > 0 { parts.append(PersonaCount(persona: rest.name, count: restCount)) }
            if parts.count == 2, rest.capacity > bulk.capacity { parts.swapAt(0, 1) }
            best = (cost, Mix(parts: parts, count: count))
        }
        for bulk in personas {
            let whole = Count.fitting(shortfall, by: bulk.capacity)
            offer(bulk, Count.covering(shortfall, by: bulk.capacity), bulk, 0)
            let left = shortfall - bulk.capacity * Double(whole)
            for rest in personas where rest.name != bulk.name && left > 1e-9 * shortfall {
                offer(bulk, whole, rest, Count.covering(left, by: rest.capacity))
            }
        }
        return best?.mix ?? .none
    }

    private func largest() -> Mix {
        guard let first = personas.first else { return .none }
        return Mix(parts: [PersonaCount(persona: first.name, count: Count.most)], count: Count.most)
    }

    /// The first `count` of `wanted`, and where it has fewer, `filler` for the rest.
    func additions(_ count: Int, from wanted: [PersonaCount], filler: String?) -> [PersonaCount] {
        var tally = Tally(room: count)
        for part in wanted { tally.take(part.count, of: part.persona) }
        if let filler = filler ?? personas.first?.name { tally.take(tally.room, of: filler) }
        return tally.parts
    }
}
