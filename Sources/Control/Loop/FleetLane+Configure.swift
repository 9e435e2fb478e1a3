import Decision
import Domain
import Drivers
import Scripting
import StateStore

extension FleetLane {
    enum Configured {
        case done
        /// There are more than one evaluation takes on.
        case unfinished
    }

    /// Makes resources what they should be: the persona that holds for them now, and its files.
    ///
    /// What differs is found by digest: what the driver reports that a resource has, or what was last applied where it cannot tell. In
    /// modes that do not act, only what a person asked for is done, and undone when it ends.
    func configure(_ work: inout LaneWork, at now: Timestamp) async -> Configured {
        let acts = work.assembly.fleet.mode == .act
        var left = parts.settings.configurations
        var waiting = 0
        var stubborn: [String] = []
        var isUnfinished = false
        var due: [Due] = []
        for described in work.resources {
            let resource = described.resource
            guard resource.state == .starting || resource.state == .ready else { continue }
            let isAssigned = parts.directory.read { $0.knows(resource) }
            guard isAssigned || (acts && resource.managed) else { continue }
            guard let wanted = wanted(for: resource, &work, at: now) else { continue }
            let has = described.configuration ?? work.applied[resource.id]
            if wanted.persona == resource.persona {
                // Nothing to write, and nothing was ever written.
                if wanted.digest == has || (has == nil && wanted.digest == Self.noFiles) {
                    if described.configuration == wanted.digest { work.repairs[resource.id] = nil }
                    continue
                }
            }
            // One that cannot be configured takes no other's turn.
            if let failed = work.unconfigured[resource.id], failed.digest == wanted.digest,
                failed.next > parts.clock.now
            {
                waiting += 1
                continue
            }
            if let repaired = work.repairs[resource.id], repaired.digest == wanted.digest,
                repaired.next > parts.clock.now
            {
                stubborn.append(resource.id)
                continue
            }
            guard left > 0 else {
                isUnfinished = true
                break
            }
            left -= 1
            let isRepair =
                has != nil && work.applied[resource.id] == wanted.digest && wanted.persona == resource.persona
            due.append(Due(resource: resource, wanted: wanted, isRepair: isRepair))
        }
        await configure(due, at: now, &work)
        if let one = stubborn.first {
            let others = stubborn.count > 1 ? " and \(stubborn.count - 1) more" : ""
            work.notes.append(
                "\(one)\(others) still seems to have other files after \(Self.mostRepairs) repairs: something else writes there, or "
                    + "driver \(work.assembly.fleet.driver) does not answer the `configuration` that it was given"
            )
        }
        if isUnfinished { return .unfinished }
        if waiting > 0 {
            work.notes.append(
                "\(waiting) resources are not what they should be: configuring them failed and is tried again later"
            )
        }
        return .done
    }

    private struct Due {
        var resource: Resource
        var wanted: WantedConfiguration
        var isRepair: Bool
    }

    /// One action of the journal for all of them: written before the first is touched.
    private func configure(_ due: [Due], at now: Timestamp, _ work: inout LaneWork) async {
        guard !due.isEmpty else { return }
        let targets = due.map {
            ActionBody.Target(resource: $0.resource.id, persona: $0.wanted.persona, digest: $0.wanted.digest)
        }
        let key = "\(name)/\(now.milliseconds)/configure"
        work.journal.add([Action(.configure(targets), key: key, fleet: name, decided: now)])
        work.journal.take(.prechecked, for: key, at: parts.clock.now)
        guard await write(&work) else {
            return work.journal.take(.objection("the journal cannot be written"), for: key, at: parts.clock.now)
        }
        var done: [String] = []
        var failure: String?
        for one in due {
            let why = await apply(one.wanted, to: one.resource, isRepair: one.isRepair, key: key, &work)
            if let why { failure = why } else { done.append(one.resource.id) }
        }
        if let failure, done.isEmpty {
            work.journal.take(.callFailed(failure, isFinal: true), for: key, at: parts.clock.now)
        } else {
            let event = Action.Event.answered(ids: done, refused: due.count - done.count, reason: failure)
            work.journal.take(event, for: key, at: parts.clock.now)
        }
    }

    /// So many repairs in a row that undo nothing, and the next ones are made less and less often.
    private static let mostRepairs = 3

    private static let noFiles = ConfigDigest.of([])

    /// What a resource should be, worked out once for each persona and set of labels.
    private func wanted(for resource: Resource, _ work: inout LaneWork, at now: Timestamp) -> WantedConfiguration? {
        let assigned = parts.directory.read { $0.holding(resource, at: now)?.assignment.persona }
        let name = assigned ?? resource.persona
        if let known = work.wanted[resource.id], known.persona == name, known.labels == resource.labels { return known }
        guard let persona = work.assembly.persona(name) else {
            // A persona that the fleet no longer has: what it left stays until something else is assigned.
            return nil
        }
        do throws(TemplateError) {
            let files = try PersonaRendering.files(of: persona, for: resource, in: self.name)
            let wanted = WantedConfiguration(persona: name, labels: resource.labels, digest: ConfigDigest.of(files))
            work.wanted[resource.id] = wanted
            return wanted
        } catch {
            work.notes.append("persona \(name): \(error)")
            return nil
        }
    }

    /// A driver that is believed at its word may be repaired for ever, and another that writes there as well fights with us.
    private func noteRepair(of id: String, _ digest: String, isRepair: Bool, _ work: inout LaneWork) {
        guard isRepair else {
            work.repairs[id] = nil
            return
        }
        let count = (work.repairs[id].flatMap { $0.digest == digest ? $0.count : nil } ?? 0) + 1
        let now = parts.clock.now
        let isStubborn = count >= Self.mostRepairs
        let next = isStubborn ? now + backoff(after: count - Self.mostRepairs + 2, work, most: .minutes(5)) : now
        work.repairs[id] = (digest, count, next)
    }

    /// - Returns: why it could not be done.
    private func apply(
        _ wanted: WantedConfiguration,
        to resource: Resource,
        isRepair: Bool,
        key: String,
        _ work: inout LaneWork
    ) async -> String? {
        guard let persona = work.assembly.persona(wanted.persona),
            let files = try? PersonaRendering.files(of: persona, for: resource, in: name)
        else { return "persona \(wanted.persona) cannot be written out" }
        let driver = work.assembly.driver
        let request = ConfigureRequest(
            resource: resource.id,
            persona: persona,
            files: files,
            // The same files again are another action: something has undone them since.
            key: "\(key)/\(resource.id)/\(wanted.digest)",
            digest: wanted.digest
        )
        do throws(DriverError) {
            try await callingDriver { () throws(DriverError) in try await driver.configure(request) }
            work.applied[resource.id] = wanted.digest
            work.unconfigured[resource.id] = nil
            noteRepair(of: resource.id, wanted.digest, isRepair: isRepair, &work)
            if let index = work.resources.firstIndex(where: { $0.resource.id == resource.id }) {
                work.resources[index].resource.persona = wanted.persona
                if work.resources[index].configuration != nil { work.resources[index].configuration = wanted.digest }
            }
            parts.report(
                .configured(fleet: name, resource: resource.id, persona: wanted.persona, isRepair: isRepair)
            )
            return nil
        } catch {
            let before = work.unconfigured[resource.id].flatMap { $0.digest == wanted.digest ? $0.failures : nil } ?? 0
            let next = parts.clock.now + backoff(after: before + 1, work, most: .minutes(5))
            work.unconfigured[resource.id] = (wanted.digest, before + 1, next)
            work.notes.append("could not configure \(resource.id) as \(wanted.persona): \(error)")
            parts.report(.driverFailed(fleet: name, what: "could not configure \(resource.id): \(error)"))
            return error.description
        }
    }
}
