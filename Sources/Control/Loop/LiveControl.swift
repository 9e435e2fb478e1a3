import Domain
import Scripting
import StateStore
import Synchronization

/// The loop of a running Troupe: decides for every fleet as data arrive, and answers who asks.
///
///     let control = LiveControl(parts)
///     try await control.start()   // workspace, what was learned, assignments: from then on it answers
///     await control.run()         // until the task is cancelled
///
///     arrival ──▶ mark ─┐
///     interval ─────────┴▶ agenda ──▶ a task per fleet that is due: observe → forecast → decide → record → act
///     assignment begins or ends ──▶ its fleet
///
/// The tasks of fleets wait for their own driver only, share the workers through a gate and the disk through the recorder.
package final class LiveControl: ControlPlane {
    struct State {
        var workspace: LoadedWorkspace?
        var lanes: [String: FleetLane] = [:]
        var agenda: Agenda
        var isRunning = false
        /// A load or rollback is under way.
        var isLoading = false
        /// What is known of fleets from before the start, until their lanes have it.
        var memories: [String: LaneMemory] = [:]
        /// Assignments have been followed up to here.
        var assignmentsAt = Timestamp(milliseconds: .min)
        var nextAssignment: Timestamp?
        /// Of the directory, when it was last asked for them.
        var assignmentsVersion = 0
        /// The state of the folder that was last refused, and why; what is wrong with its files does not pass by itself.
        var refusedFolder: (digest: String, why: String, isForGood: Bool)?
        var whyNotReady: String? = "the workspace is not loaded yet"
        var passes = 0
        var running = 0
    }

    let parts: ControlParts
    let services: LoopServices
    let state: Mutex<State>
    let wakeup = Wakeup()

    package init(_ parts: ControlParts) {
        self.parts = parts
        let threads = ControlThreads()
        services = LoopServices(
            threads: threads,
            recorder: DecisionRecorder(store: parts.store, threads: threads),
            gate: Gate(parts.settings.evaluations),
            ledger: SharedLedger(costPerHour: parts.settings.costPerHour, starts: parts.settings.starts),
            assignmentsChanged: wakeup
        )
        state = Mutex(State(agenda: Agenda(gap: parts.settings.gap)))
    }

    // MARK: For those who answer

    func lane(_ fleet: String) throws(ControlError) -> FleetLane {
        let (lane, names) = state.withLock { ($0.lanes[fleet], $0.lanes.keys.sorted()) }
        guard let lane else { throw .unknown("fleet", fleet, known: names) }
        return lane
    }

    /// Sorted by name.
    var lanes: [FleetLane] {
        state.withLock { state in state.lanes.values.sorted { $0.name < $1.name } }
    }

    func workspace() throws(ControlError) -> LoadedWorkspace {
        guard let workspace = state.withLock({ $0.workspace }) else {
            throw ControlError(.unavailable, "The workspace is not loaded yet. Try again in a moment.")
        }
        return workspace
    }

    package func readiness() async -> String? {
        state.withLock { state in
            state.whyNotReady ?? (state.isRunning ? nil : "the loop is not running")
        }
    }
}

/// The workspace that is in force.
struct LoadedWorkspace: Sendable {
    var version: WorkspaceVersion
    var workspace: Workspace
    var sources: KPISources
}

extension ControlError {
    static func unknown(_ what: String, _ name: String, known: [String]) -> ControlError {
        let nearest = NearestWord.find(name, among: known).map { "Did you mean \"\($0)\"?" }
        let list = known.isEmpty ? "There is none." : "Known: \(known.prefix(20).joined(separator: ", "))."
        return ControlError(.notFound, "There is no \(what) \"\(name)\". \(nearest ?? list)")
    }

    /// What a store says, for who asked.
    init(_ error: StateStoreError) {
        let kind: Kind =
            switch error.code {
            case .notFound: .notFound
            case .invalid: .invalid
            case .conflict: .conflict
            case .corrupt, .foreign, .newer, .diskFull, .readOnly, .locked, .cannotOpen, .io: .unavailable
            }
        self.init(kind, error.description)
    }
}
