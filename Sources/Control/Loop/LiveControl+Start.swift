import Domain
import Foundation
import ScriptProtocol
package import Scripting
import StateStore
import Synchronization

extension LiveControl {
    /// Restores what was and loads the workspace: from then on `readiness` waits for `run` only.
    ///
    /// The folder is loaded where it differs from what was last loaded from it; else the version in force stays, be it one that was put
    /// in force again. A folder that does not load is reported, and the version in force stays too. Models are trained later, by the
    /// loop: fleets are decided with what the last two hours say until then.
    ///
    /// - Throws: where there is no workspace that loads, or the store cannot be read.
    package func start() async throws(ControlError) {
        try await restore()
        let inForce = try await asking { store throws(StateStoreError) in try store.workspaceInForce() }
        if try await loadsFolder(instead: inForce) { return try await abandonActions() }
        guard let inForce else {
            throw ControlError(
                .invalidWorkspace,
                "There is no workspace: neither a folder nor a version that was loaded before."
            )
        }
        let stored = try await asking { store throws(StateStoreError) in try store.workspace(version: inForce.version) }
        guard let stored else {
            throw ControlError(
                .unavailable,
                "Workspace version \(inForce.version) is in force, but its files are not stored."
            )
        }
        let loaded = try await loader.load(try .reading(stored))
        let version = WorkspaceVersion(stored, isInForce: true).restored(by: inForce)
        _ = try await enforce(loaded.workspace, try drivers(of: loaded.workspace), version)
        try await abandonActions()
    }

    /// Actions of fleets that are gone end: nobody looks after them any more.
    private func abandonActions() async throws(ControlError) {
        let now = parts.clock.now
        let left = state.withLock { state in
            let left = state.memories.values.flatMap(\.open)
            for fleet in state.memories.keys { state.memories[fleet]?.open = [] }
            return left
        }
        guard !left.isEmpty else { return }
        let ended = left.map { action in
            var action = action
            action.state = action.state == .awaiting ? .withdrawn : .compensated
            action.note = "fleet \(action.fleet) is not in the workspace any more"
            action.changed = now
            return action
        }
        try await asking { store throws(StateStoreError) in try store.record(EvaluationBatch(actions: ended)) }
    }

    /// Starts with a workspace that is there already, and stores nothing of it: for benchmarks with more fleets than a folder has files.
    package func start(with workspace: Workspace) async throws(ControlError) {
        try await restore()
        let version = WorkspaceVersion(
            version: 0,
            at: parts.clock.now,
            by: "troupe",
            reason: "given",
            digest: "",
            isInForce: true,
            fleets: workspace.fleets.map(\.name),
            policies: workspace.policies.map(\.name)
        )
        _ = try await enforce(workspace, try drivers(of: workspace), version)
    }

    /// True where the folder was loaded as a new version.
    private func loadsFolder(instead inForce: WorkspaceChange?) async throws(ControlError) -> Bool {
        guard let folder = parts.folder else { return false }
        let latest = try await asking { store throws(StateStoreError) in try store.latestWorkspace(from: "folder") }
        let digest = await services.threads.run { WorkspaceSnapshot(folder: folder).digest }
        guard latest?.digest != digest else { return false }
        do throws(ControlError) {
            let loaded = try await loader.load(folder: folder)
            _ = try await store(loaded, from: "folder", by: "troupe", reason: "start with \(folder.path)")
            return true
        } catch {
            guard inForce != nil, error.kind == .invalidWorkspace else { throw error }
            refuse(folder: digest, error)
            return false
        }
    }

    /// What was learned and decided, what policies remember, and who plays what.
    private func restore() async throws(ControlError) {
        let now = parts.clock.now
        let memories = try await memories(of: nil)
        let assignments = try await asking { store throws(StateStoreError) in
            try store.assignments(endingAfter: now - .days(2))
        }
        parts.directory.replace(AssignmentBook(assignments))
        services.overrides.replace(
            try await asking { store throws(StateStoreError) in try store.overrides(endingAfter: now) }
        )
        state.withLock { state in
            state.memories = memories
            state.assignmentsAt = now
        }
    }

    /// What is stored of these fleets, or of all.
    func memories(of fleets: Set<String>?) async throws(ControlError) -> [String: LaneMemory] {
        let parts = parts
        return try await asking { store throws(StateStoreError) in
            var memories: [String: LaneMemory] = [:]
            for memory in try store.memories() where fleets?.contains(memory.fleet) ?? true {
                memories[memory.fleet, default: LaneMemory()].facts.restore(memory)
            }
            for action in try store.openActions() where fleets?.contains(action.fleet) ?? true {
                memories[action.fleet, default: LaneMemory()].open.append(action)
            }
            for decision in try store.latestDecisions() where fleets?.contains(decision.fleet) ?? true {
                var memory = memories[decision.fleet] ?? LaneMemory()
                memory.lastDecided = decision.at
                // What was only said was never asked for.
                memory.lastTarget =
                    decision.outcome == "advise" || decision.outcome == "await" ? decision.current : decision.target
                for state in try store.policyStates(of: decision.fleet) {
                    guard let value = ScriptValue(remembered: state.state) else {
                        parts.report(
                            .trouble("fleet \(decision.fleet): what policy \(state.policy) remembered cannot be read")
                        )
                        continue
                    }
                    memory.states[state.policy] = value
                }
                memories[decision.fleet] = memory
            }
            return memories
        }
    }
}
