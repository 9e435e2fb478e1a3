import Domain
import ScriptProtocol

/// The KPIs that the workspace speaks of: those of its personas and fleets.
struct KnownKPIs {
    private(set) var names: Set<String> = []
    /// Every persona and fleet could be read; else a name that is missing here may stand in one that could not.
    var isWhole = true

    mutating func add(_ persona: PersonaDraft) {
        names.formUnion(persona.kpis.map(\.kpi))
        names.formUnion(persona.capacity.map(\.kpi))
        if !persona.isWhole { isWhole = false }
    }

    mutating func add(_ fleet: FleetDraft) {
        names.formUnion(fleet.fleet.kpis.map(\.kpi))
        if fleet.hasDemand { names.insert(fleet.fleet.demand.kpi) } else { isWhole = false }
    }
}

/// Finds KPIs and personas that a policy reads and nobody has.
///
/// A slip in such a name would not fail: the series would be missing for ever, and the fleet held.
struct ScriptReadsCheck {
    let kpis: KnownKPIs
    let personas: [String]
    let findings: Findings

    func run(_ source: ScriptSource) {
        for read in LuaReads.kpis(in: source.bytes) {
            if kpis.isWhole, !kpis.names.contains(read.kpi) {
                findings.error(
                    file: source.name,
                    line: read.line,
                    "ctx.kpi reads \"\(read.kpi)\", which no persona and no fleet has among its kpis",
                    nearest: read.kpi,
                    of: kpis.names.sorted()
                )
            }
            if let persona = read.persona, !personas.contains(persona) {
                findings.error(
                    file: source.name,
                    line: read.personaLine,
                    "ctx.kpi reads persona \"\(persona)\", which there is not",
                    nearest: persona,
                    of: personas.sorted()
                )
            }
        }
    }
}
