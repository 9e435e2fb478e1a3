import Decision
import Domain
import Drivers
import Foundation
import KPIStore
import Scripting
import StateStore
import Synchronization
import Workers

extension LiveControl {
    package func workspaceVersion() async -> WorkspaceVersion {
        state.withLock { $0.workspace?.version }
            ?? WorkspaceVersion(
                version: 0,
                at: Timestamp(milliseconds: 0),
                by: "",
                reason: "not loaded yet",
                digest: "",
                isInForce: false,
                fleets: [],
                policies: []
            )
    }

    package func workspaceHistory(limit: Int) async throws(ControlError) -> [WorkspaceVersion] {
        let inForce = state.withLock { $0.workspace?.version.version }
        let stored = try await asking { store throws(StateStoreError) in try store.workspaces(limit: limit) }
        return stored.map { WorkspaceVersion($0, isInForce: $0.version == inForce) }
    }

    // MARK: Loading

    package func load(
        files: [WorkspaceFile],
        by: String,
        reason: String
    ) async throws(ControlError) -> WorkspaceVersion {
        let problems = WorkspaceSnapshot.problems(of: files)
        guard problems.isEmpty else {
            throw ControlError(
                .invalidWorkspace,
                "These files are no workspace; nothing was loaded, and what was in force stays so.",
                diagnostics: problems
            )
        }
        return try await alone { () async throws(ControlError) in
            let loaded = try await self.loader.load(WorkspaceSnapshot(files))
            return try await self.store(loaded, from: "upload", by: by, reason: reason)
        }
    }

    /// Loads the folder again, where it has changed since it was last loaded; answers what is in force then.
    package func reloadFolder(by: String, reason: String) async throws(ControlError) -> WorkspaceVersion {
        guard let folder = parts.folder else {
            throw ControlError(.invalid, "This Troupe was started without a workspace folder. Load files instead.")
        }
        return try await alone { () async throws(ControlError) in
            let latest = try await self.asking { store throws(StateStoreError) in
                try store.latestWorkspace(from: "folder")
            }
            if latest?.digest == WorkspaceSnapshot(folder: folder).digest { return try self.workspace().version }
            let loaded = try await self.loader.load(folder: folder)
            return try await self.store(loaded, from: "folder", by: by, reason: reason)
        }
    }

    /// Loads the folder, where it is other than what was last loaded from it. One that does not load is reported once.
    ///
    /// - Returns: false where that could not be found out now.
    func followFolder() async -> Bool {
        guard let folder = parts.folder else { return true }
        let digest = await services.threads.run { WorkspaceSnapshot(folder: folder).digest }
        guard state.withLock({ $0.refusedFolder?.digest != digest || $0.refusedFolder?.isForGood == false }) else {
            return true
        }
        do throws(ControlError) {
            _ = try await reloadFolder(by: "folder", reason: "the folder changed")
            state.withLock { $0.refusedFolder = nil }
            return true
        } catch {
            guard error.kind != .conflict else { return false }
            refuse(folder: digest, error)
            return error.kind == .invalidWorkspace
        }
    }

    /// Tells of a folder that does not load: once, until it is another or fails for another reason.
    func refuse(folder digest: String, _ error: ControlError) {
        let lines = error.diagnostics.map(\.description)
        let why = ([error.message] + lines).joined(separator: "\n")
        let isNews = state.withLock { state in
            defer { state.refusedFolder = (digest, why, error.kind == .invalidWorkspace) }
            return state.refusedFolder.map { $0.digest != digest || $0.why != why } ?? true
        }
        if isNews { parts.report(.workspaceRefused(why: why)) }
    }

    package func rollback(to version: Int64?, by: String, reason: String) async throws(ControlError) -> WorkspaceVersion
    {
        try await alone { () async throws(ControlError) in
            let current = try self.workspace().version.version
            let wanted = version ?? current - 1
            guard wanted >= 1 else {
                throw ControlError(.conflict, "Version \(current) is the first: there is none before it to go back to.")
            }
            let stored = try await self.asking { store throws(StateStoreError) in try store.workspace(version: wanted) }
            guard let stored else {
                throw ControlError(
                    .notFound,
                    "There is no workspace version \(wanted). List the history for those that there are."
                )
            }
            let loaded = try await self.loader.load(try WorkspaceSnapshot.reading(stored))
            let change = WorkspaceChange(version: wanted, at: self.parts.clock.now, by: by, reason: reason)
            let drivers = try self.drivers(of: loaded.workspace)
            try await self.asking { store throws(StateStoreError) in try store.restore(change) }
            return try await self.enforce(
                loaded.workspace,
                drivers,
                WorkspaceVersion(stored, isInForce: true).restored(by: change)
            )
        }
    }

    var loader: WorkspaceLoader { WorkspaceLoader(workers: parts.workers, drivers: parts.drivers.interfaces) }

    /// One change of the workspace at a time: the order in which they are stored is that in which they hold.
    private func alone<Answer: Sendable>(
        _ body: () async throws(ControlError) -> Answer
    ) async throws(ControlError) -> Answer {
        let isFree = state.withLock { state in
            defer { state.isLoading = true }
            return !state.isLoading
        }
        guard isFree else {
            throw ControlError(
                .conflict,
                "Another workspace is being loaded at this moment. Try again when it is done."
            )
        }
        defer { state.withLock { $0.isLoading = false } }
        return try await body()
    }

    /// Stores a workspace as the next version and puts it in force.
    func store(
        _ loaded: WorkspaceLoader.Loaded,
        from source: String,
        by: String,
        reason: String
    ) async throws(ControlError) -> WorkspaceVersion {
        let drivers = try drivers(of: loaded.workspace)
        let files: Data
        do {
            files = try loaded.snapshot.encoded()
        } catch {
            throw ControlError(.invalid, "The workspace cannot be stored (\(error)).")
        }
        var stored = StoredWorkspace(
            at: parts.clock.now,
            by: by,
            reason: reason,
            source: source,
            digest: loaded.snapshot.digest,
            fleets: loaded.workspace.fleets.map(\.name),
            policies: loaded.workspace.policies.map(\.name),
            files: files
        )
        let unnumbered = stored
        stored.version = try await asking { store throws(StateStoreError) in try store.load(unnumbered) }
        return try await enforce(loaded.workspace, drivers, WorkspaceVersion(stored, isInForce: true))
    }

    // MARK: In force

    /// Before anything is stored: a fleet without its driver refuses the whole workspace.
    func drivers(of workspace: Workspace) throws(ControlError) -> [String: any FleetDriver] {
        var drivers: [String: any FleetDriver] = [:]
        for fleet in workspace.fleets {
            let (target, lane) = state.withLock { ($0.memories[fleet.name]?.lastTarget, $0.lanes[fleet.name]) }
            do throws(DriverError) {
                drivers[fleet.name] = try parts.drivers.driver(
                    for: fleet,
                    personas: workspace.personas(of: fleet),
                    plugin: workspace.plugin(fleet.driver),
                    ready: lane?.view.decision?.target ?? target,
                    current: lane?.assembly.driver
                )
            } catch {
                throw ControlError(.unavailable, "Fleet \(fleet.name) has no \(error) Nothing was loaded.")
            }
        }
        return drivers
    }

    /// Makes a workspace hold. Fleets that it has too keep what they have learned; those that it has no more are let go as they are.
    func enforce(
        _ workspace: Workspace,
        _ drivers: [String: any FleetDriver],
        _ version: WorkspaceVersion
    ) async throws(ControlError) -> WorkspaceVersion {
        let now = parts.clock.now
        try await remember(workspace.fleets.map(\.name))
        let definitions = workspace.fleets.flatMap {
            FleetKPIs.definitions(of: $0, personas: workspace.personas(of: $0))
        }
        let readings = parts.readings
        do throws(KPIStoreError) {
            try await services.threads.run { () throws(KPIStoreError) in try readings.configure(definitions, at: now) }
        } catch {
            throw ControlError(.unavailable, "The readings of the fleets cannot be prepared: \(error)")
        }
        parts.workers.keep(workspace.scripts)
        var gone: [String] = []
        for fleet in workspace.fleets {
            guard let driver = drivers[fleet.name] else { continue }
            let personas = workspace.personas(of: fleet)
            let assembly = FleetAssembly(
                fleet: fleet,
                personas: personas,
                policies: workspace.policies(of: fleet),
                driver: driver,
                series: FleetSeries(fleet: fleet, personas: personas, readings: readings)
            )
            take(assembly, now: now)
        }
        state.withLock { state in
            let names = Set(workspace.fleets.map(\.name))
            gone = state.lanes.keys.filter { !names.contains($0) }.sorted()
            for name in gone {
                if let lane = state.lanes.removeValue(forKey: name) {
                    services.index.replace(lane.view.resources, with: [], of: name)
                }
                state.agenda.remove(name)
            }
            let sources = workspace.fleets.map { KPISources.Source(fleet: $0.name, mappings: $0.kpis) }
            // The number that another change gets must differ, also where an earlier version comes back.
            let number = (state.workspace?.sources.version ?? 0) + 1
            state.workspace = LoadedWorkspace(
                version: version,
                workspace: workspace,
                sources: KPISources(version: number, fleets: sources)
            )
            state.whyNotReady = nil
        }
        if !gone.isEmpty { parts.drivers.forget(fleets: gone) }
        services.ledger.forget(gone)
        parts.report(.workspaceInForce(version: version.version, by: version.by, reason: version.reason))
        wakeup.ring()
        return version
    }

    /// Fleets that come back begin with what was stored of them, as after a restart.
    private func remember(_ fleets: [String]) async throws(ControlError) {
        let new = state.withLock { state in
            state.workspace == nil ? [] : Set(fleets.filter { state.lanes[$0] == nil && state.memories[$0] == nil })
        }
        guard !new.isEmpty else { return }
        let memories = try await memories(of: new)
        state.withLock { $0.memories.merge(memories) { known, _ in known } }
    }

    private func take(_ assembly: FleetAssembly, now: Timestamp) {
        let name = assembly.fleet.name
        let (lane, memory) = state.withLock { state in
            (state.lanes[name], state.memories.removeValue(forKey: name) ?? LaneMemory())
        }
        if let lane {
            lane.leave(assembly)
        } else {
            let price = assembly.personas.first?.cost.perHour ?? 0
            services.ledger.expect(name, cost: Double(memory.lastTarget ?? 0) * price)
            let lane = FleetLane(assembly, memory: memory, parts: parts, services: services, now: now)
            state.withLock { $0.lanes[name] = lane }
        }
        state.withLock { $0.agenda.add(name, interval: assembly.fleet.interval, now: now) }
    }
}

extension WorkspaceVersion {
    init(_ stored: StoredWorkspace, isInForce: Bool) {
        self.init(
            version: stored.version,
            at: stored.at,
            by: stored.by,
            reason: stored.reason,
            digest: stored.digest,
            isInForce: isInForce,
            fleets: stored.fleets,
            policies: stored.policies
        )
    }

    /// The same files, in force again: who did that, when, and why.
    func restored(by change: WorkspaceChange) -> WorkspaceVersion {
        var version = self
        (version.at, version.by, version.reason) = (change.at, change.by, change.reason)
        return version
    }
}

extension WorkspaceSnapshot {
    static func reading(_ stored: StoredWorkspace) throws(ControlError) -> WorkspaceSnapshot {
        do {
            return try WorkspaceSnapshot(stored: stored.files)
        } catch {
            throw ControlError(
                .unavailable,
                "The files of workspace version \(stored.version) cannot be read (\(error))."
            )
        }
    }
}
