import Decision
import Domain
import ScriptProtocol
import StateStore

/// What all lanes of a loop share.
struct LoopServices: Sendable {
    let threads: ControlThreads
    let index = ResourceIndex()
    let recorder: DecisionRecorder
    /// Bounds the policies that run at one time.
    let gate: Gate
    /// Bounds the models that are fitted at one time: they take a processor each.
    let training = Gate(1)
    let overrides = OverrideBook()
    let ledger: SharedLedger
    /// Rings when policies have assigned something, whose end must be waited for.
    let assignmentsChanged: Wakeup
}

/// What is known of a fleet from before the start.
struct LaneMemory: Sendable {
    var facts = LearnedFacts()
    var states: [String: ScriptValue] = [:]
    var lastDecided: Timestamp?
    /// What it had asked for when it was last decided.
    var lastTarget: Int?
    /// Actions that are not over.
    var open: [StoredAction] = []

    func leadTime(of assembly: FleetAssembly) -> TimeSpan {
        guard let persona = assembly.personas.first else { return .seconds(90) }
        return (facts.startTimes[persona.name] ?? StartTimes()).leadTime(declared: persona.startup)
    }
}
