import Domain

/// A fleet as it stands, made safe: what is asked for (starting and ready), by persona, with what each serves and costs.
///
/// Counts are bounded, personas without a usable capacity are left out, and resources of a persona that the fleet does not know are
/// taken for the default: they are there and serve, whatever they are called.
struct Standing {
    /// Those that can be sized with, in the fleet's order.
    let personas: [PersonaRules]
    /// Asked for and not leaving, in the order in which they retire: newest starting first, then ready ones, the dearest per unit of
    /// capacity first; those that a person has assigned after all others.
    ///
    /// Unmanaged ones are not among them.
    let retirable: [ResourceGroup]
    /// Ready and starting: what is asked for.
    let current: Int
    let ready: Int
    let starting: Int
    let draining: Int
    /// Of the current ones, those that are not ours to retire.
    let unmanaged: Int
    /// Of what is asked for, and of what is ready.
    let capacity: Double
    let readyCapacity: Double
    let costPerHour: Double
    /// What is asked for, by persona as it is called; those that cannot go first, then those that would go last.
    private let byPersona: [PersonaCount]

    init(_ observation: Observation, rules: FleetRules) {
        var personas: [PersonaRules] = []
        for var persona in rules.personas where persona.capacity.isFinite && persona.capacity > 0 {
            if personas.contains(where: { $0.name == persona.name }) { continue }
            if !(persona.cost.perHour.isFinite && persona.cost.perHour >= 0) { persona.cost.perHour = 0 }
            personas.append(persona)
        }
        self.personas = personas

        var retirable: [ResourceGroup] = []
        var foreign: [PersonaCount] = []
        var ready = 0
        var starting = 0
        var draining = 0
        var unmanaged = 0
        var capacity = 0.0
        var readyCapacity = 0.0
        var cost = 0.0
        for var group in observation.resources {
            group.count = Count.bounded(group.count)
            guard group.count > 0 else { continue }
            let persona = Self.rules(of: group.persona, in: personas)
            switch group.state {
            case .gone: continue
            case .draining:
                draining = Count.sum(draining, group.count)
                continue
            case .ready:
                ready = Count.sum(ready, group.count)
                readyCapacity += (persona?.capacity ?? 0) * Double(group.count)
            case .starting:
                starting = Count.sum(starting, group.count)
            }
            capacity += (persona?.capacity ?? 0) * Double(group.count)
            cost += (persona?.cost.perHour ?? 0) * Double(group.count)
            if group.managed {
                retirable.append(group)
            } else {
                unmanaged = Count.sum(unmanaged, group.count)
                foreign.append(PersonaCount(persona: group.persona, count: group.count))
            }
        }
        self.ready = ready
        self.starting = starting
        self.draining = draining
        self.unmanaged = unmanaged
        self.capacity = capacity
        self.readyCapacity = readyCapacity
        costPerHour = cost
        current = Count.sum(ready, starting)
        self.retirable = retirable.count < 2 ? retirable : Self.inOrderOfRetirement(retirable, personas: personas)
        var byPersona = Tally(room: Count.most)
        for part in foreign { byPersona.take(part.count, of: part.persona) }
        for group in self.retirable.reversed() { byPersona.take(group.count, of: group.persona) }
        self.byPersona = byPersona.parts
    }

    /// What is known of a persona; of one that is not known, the default's.
    func rules(of persona: String) -> PersonaRules? { Self.rules(of: persona, in: personas) }

    private static func rules(of name: String, in personas: [PersonaRules]) -> PersonaRules? {
        personas.first { $0.name == name } ?? personas.first
    }

    /// How many of what is asked for play `persona`.
    func count(of persona: String) -> Int { byPersona.first { $0.persona == persona }?.count ?? 0 }

    /// `count` resources, as near to `wanted` as they come with the fewest moves: what a person has assigned, whose word stands above a
    /// policy's mix, then what is wanted and there, then what is wanted and lacking, then what is there beyond it and would retire last,
    /// then `filler`.
    func mix(of count: Int, towards wanted: [PersonaCount], filler: String?) -> [PersonaCount] {
        var goal = Tally(room: Count.most)
        for part in wanted { goal.take(part.count, of: part.persona) }
        var tally = Tally(room: count)
        for group in retirable where group.assigned { tally.take(group.count, of: group.persona) }
        for part in goal.parts {
            tally.take(min(part.count, self.count(of: part.persona)) - tally.count(of: part.persona), of: part.persona)
        }
        for part in goal.parts { tally.take(part.count - self.count(of: part.persona), of: part.persona) }
        for part in byPersona { tally.take(part.count - tally.count(of: part.persona), of: part.persona) }
        if let filler { tally.take(tally.room, of: filler) }
        return tally.parts
    }

    /// Groups that nothing tells apart become one, so that equal inputs retire alike.
    private static func inOrderOfRetirement(
        _ groups: [ResourceGroup],
        personas: [PersonaRules]
    ) -> [ResourceGroup] {
        struct Ranked {
            let group: ResourceGroup
            let dearness: Double
            let rank: Int
            let place: Int
        }
        let ranked = groups.enumerated()
            .map { place, group in
                let rank = personas.firstIndex { $0.name == group.persona } ?? 0
                return Ranked(
                    group: group,
                    dearness: personas.isEmpty ? 0 : personas[rank].costOfCapacity,
                    rank: rank,
                    place: place
                )
            }
        var ordered: [ResourceGroup] = []
        for entry in ranked.sorted(by: comesFirst) {
            if let last = ordered.last, last.isSame(as: entry.group) {
                ordered[ordered.count - 1].count = Count.sum(last.count, entry.group.count)
            } else {
                ordered.append(entry.group)
            }
        }
        return ordered

        func comesFirst(_ a: Ranked, _ b: Ranked) -> Bool {
            if a.group.assigned != b.group.assigned { return b.group.assigned }
            if a.group.state != b.group.state { return a.group.state == .starting }
            if a.group.state == .starting, a.group.since != b.group.since { return a.group.since > b.group.since }
            if a.dearness != b.dearness { return a.dearness > b.dearness }
            if a.rank != b.rank { return a.rank > b.rank }
            if a.group.since != b.group.since { return a.group.since > b.group.since }
            return a.group.persona != b.group.persona ? a.group.persona < b.group.persona : a.place < b.place
        }
    }
}

extension PersonaRules {
    /// What a unit of demand costs an hour with this persona.
    var costOfCapacity: Double { cost.perHour / capacity }
}
