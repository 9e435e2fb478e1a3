package import Decision
package import Domain

extension FleetRules {
    /// What of a fleet and its personas the decision needs; `personas` in any order, all those that the fleet names.
    ///
    /// The capacity of a resource is in the fleet's demand unit: what the persona declares for the demand KPI or, for fleets that
    /// measure demand by utilisation, its cores times the utilisation at which it counts as full.
    package init(fleet: Fleet, personas: [Persona]) {
        self.init(
            personas: fleet.personas.compactMap { name in
                personas.first { $0.name == name }
                    .map { persona in
                        PersonaRules(name: name, capacity: persona.capacity(for: fleet.demand) ?? 0, cost: persona.cost)
                    }
            },
            limits: fleet.limits,
            prediction: fleet.prediction,
            trust: fleet.trust,
            headroom: fleet.headroom,
            freeze: fleet.freeze,
            onBlind: fleet.onBlind,
            mode: fleet.mode
        )
    }
}

extension Persona {
    /// Demand that one ready resource serves, in the unit of `demand`; nil where the persona does not say.
    package func capacity(for demand: DemandSource) -> Double? {
        switch demand {
        case .kpi(let name): capacity.first { $0.kpi == name }?.amount
        case .utilization(_, let target): allocation.cpu.map { $0 * target }
        }
    }
}

extension Limits {
    /// How far back the rails look, at most.
    package var memory: TimeSpan {
        [stepUp?.window, stepDown?.window, settle, reversals?.window, removals?.window].compactMap(\.self).max()
            ?? .zero
    }
}
