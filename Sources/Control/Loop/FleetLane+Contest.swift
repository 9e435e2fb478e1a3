import Domain
import Drivers
import StateStore

extension FleetLane {
    /// Notices that somebody else changes the fleet; once too often, and the fleet is held until a person says otherwise.
    func seeOthers(_ described: [DescribedResource], _ work: inout LaneWork, at now: Timestamp) async {
        let (prefix, started) = (name + "/", work.journal.started)
        let seen = work.contests.look(at: described, now: now) { one in
            one.key?.hasPrefix(prefix) ?? false || started.contains(one.resource.id)
        }
        work.learned.contests.removeAll { now - $0 > ContestWatch.window }
        // Where Troupe only looks on, others are meant to act.
        guard let seen, work.assembly.fleet.mode == .act || work.assembly.fleet.mode == .approve else { return }
        work.learned.contests.append(now)
        let isHeld = work.learned.contests.count >= ContestWatch.most
        parts.report(.contended(fleet: name, what: seen, isHeld: isHeld))
        work.say("contended: \(seen)")
        guard isHeld, !services.overrides.holding(for: name, at: now).contains(where: \.isContention) else { return }
        let word = OperatorOverride(
            pause: .all,
            by: "troupe",
            reason: "contended, \(work.learned.contests.count) changes by others within an hour; the last: \(seen)"
        )
        let hold = StoredOverride(fleet: name, from: now, word: word, isContention: true)
        let store = parts.store
        do throws(StateStoreError) {
            let stored = try await services.threads.run { () throws(StateStoreError) in
                try store.replaceOverrides(ending: [], with: [hold], at: now, by: "troupe")
            }
            services.overrides.change(ending: [], with: stored)
        } catch {
            // Held without a record, until the next start: better than a fight.
            services.overrides.change(ending: [], with: [hold])
            parts.report(.trouble("fleet \(name): that it is held cannot be stored: \(error)"))
        }
    }

    func contestNotes(_ work: LaneWork, at now: Timestamp) -> [String] {
        let recent = work.learned.contests.filter { now - $0 <= ContestWatch.window }
        guard let last = recent.last else { return [] }
        let times = recent.count == 1 ? "once" : "\(recent.count) times"
        return ["contended: someone else changed the fleet \(times) within an hour, last at \(last)"]
    }
}
