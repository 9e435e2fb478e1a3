import Domain

/// What a fleet says of other files, and what they say of it.
struct FleetRulesCheck {
    let draft: FleetDraft
    let personas: WorkspaceAssembly.Known<Persona>
    let policies: WorkspaceAssembly.Known<Policy>
    let findings: Findings

    func run() {
        checkNames()
        if draft.hasDemand {
            checkCapacity()
            checkZero()
        }
        checkHooks()
    }

    private func checkNames() {
        for named in draft.personas where !personas.names.contains(named.name) {
            findings.error(
                draft.file,
                at: named.line,
                "there is no persona \"\(named.name)\"; expected one of policies/personas",
                nearest: named.name,
                of: personas.names.sorted()
            )
        }
        for named in draft.policies where !policies.names.contains(named.name) {
            findings.error(
                draft.file,
                at: named.line,
                "there is no policy \"\(named.name)\"; expected one of policies/scaling",
                nearest: named.name,
                of: policies.names.sorted()
            )
        }
    }

    /// Without a capacity, nobody can say how many resources a demand needs.
    private func checkCapacity() {
        for named in draft.personas {
            guard let persona = personas.whole.first(where: { $0.name == named.name }) else { continue }
            guard persona.serves(draft.fleet.demand) == nil else { continue }
            switch draft.fleet.demand {
            case .kpi(let kpi):
                let known = persona.capacity.map(\.kpi)
                findings.error(
                    draft.file,
                    at: named.line,
                    "persona \"\(named.name)\" says no capacity for this fleet's demand \"\(kpi)\"; "
                        + "add capacity = { \(kpi) = … } to policies/personas/\(named.name).lua",
                    nearest: kpi,
                    of: known
                )
            case .utilization:
                findings.error(
                    draft.file,
                    at: named.line,
                    "persona \"\(named.name)\" has no allocation.cpu, which demand by utilisation is measured in; "
                        + "add allocation = { cpu = … } to policies/personas/\(named.name).lua"
                )
            }
        }
    }

    /// A fleet without resources must still hear that it is needed.
    private func checkZero() {
        guard draft.fleet.limits.min == 0 else { return }
        switch draft.fleet.demand {
        case .utilization(let kpi, _):
            findings.error(
                draft.file,
                at: draft.minLine,
                "limits.min is 0, but demand is the utilisation of resources (\(kpi)): without any, nothing would ever be measured; "
                    + "expected at least 1, or a demand that exists without resources"
            )
        case .kpi(let kpi) where !draft.standsAlone.contains(kpi):
            findings.error(
                draft.file,
                at: draft.minLine,
                "limits.min is 0, but demand \"\(kpi)\" is reported by resources: without any, nothing would ever be measured; "
                    + "expected at least 1, or kpis.\(kpi) with resource_label = false if it is measured elsewhere (a queue, a balancer)"
            )
        case .kpi: break
        }
    }

    /// Two hooks of a kind would each want the last word.
    private func checkHooks() {
        let own = draft.policies.compactMap { named in
            policies.whole.first { $0.name == named.name }.map { (named, $0) }
        }
        for (hook, has) in [("merge", \Policy.hasMergeHook), ("choose_persona", \Policy.hasMixHook)] {
            let holders = own.filter { $0.1[keyPath: has] }
            guard holders.count > 1, let second = holders.dropFirst().first, let first = holders.first else { continue }
            findings.error(
                draft.file,
                at: second.0.line,
                "policies \"\(first.1.name)\" and \"\(second.1.name)\" both have the hook \(hook); a fleet takes at most one"
            )
        }
    }
}
