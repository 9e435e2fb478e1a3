import Decision
import Domain
import Drivers
import StateStore

/// The actions of one fleet that are not over, and those whose last change is not stored yet.
struct Journal: Sendable {
    /// In the order in which they were decided.
    private(set) var open: [Action] = []
    /// By key: as they are stored.
    private var known: [String: StoredAction] = [:]
    /// Over, and not stored as such yet.
    private var ended: [StoredAction] = []

    init(_ stored: [StoredAction] = []) {
        for action in stored { restore(action) }
    }

    /// What the store says: from before a restart, or what a person approved.
    mutating func restore(_ stored: StoredAction) {
        guard let action = Action(stored) else { return }
        known[stored.key] = stored
        if let index = open.firstIndex(where: { $0.key == stored.key }) {
            open[index] = action
        } else {
            open.append(action)
        }
        tidy()
    }

    mutating func add(_ actions: [Action]) { open += actions }

    mutating func take(_ event: Action.Event, for key: String, at now: Timestamp) {
        guard let index = open.firstIndex(where: { $0.key == key }) else { return }
        open[index].take(event, at: now)
        tidy()
    }

    /// The fleet was looked at.
    mutating func look(at described: [DescribedResource], now: Timestamp) {
        guard !open.isEmpty else { return }
        let sight = FleetSight(described)
        for index in open.indices { open[index].take(.looked(sight), at: now) }
        tidy()
    }

    private mutating func tidy() {
        guard open.contains(where: { $0.state.isOver }) else { return }
        for action in open where action.state.isOver && known[action.key] != action.stored {
            ended.append(action.stored)
        }
        open.removeAll { $0.state.isOver }
    }

    // MARK: What is stored

    /// All that is other than what is stored.
    var changes: [StoredAction] { ended + open.map(\.stored).filter { known[$0.key] != $0 } }

    /// These are stored now.
    mutating func noteStored(_ stored: [StoredAction]) {
        for action in stored { known[action.key] = action }
        ended.removeAll { known[$0.key] == $0 }
        let open = Set(open.map(\.key))
        known = known.filter { open.contains($0.key) }
    }

    // MARK: What is taken as done

    /// The groups that a decision counts with: what was asked for and is not seen yet counts as starting, what was told to leave and
    /// still seems to serve as draining. So nothing is asked for twice, and no limit is broken by what comes late.
    ///
    /// - Parameter assigned: resources whose persona a person has said.
    func assumed(_ groups: [ResourceGroup], _ described: [DescribedResource], assigned: Set<String> = [])
        -> [ResourceGroup]
    {
        let leaving = leaving
        var groups = groups
        if described.contains(where: { leaving.contains($0.resource.id) || assigned.contains($0.resource.id) }) {
            groups = [ResourceGroup](
                described.lazy.map(\.resource)
                    .map { resource in
                        var resource = resource
                        let serves = resource.state == .starting || resource.state == .ready
                        if serves, leaving.contains(resource.id) { resource.state = .draining }
                        return resource
                    },
                assigned: assigned
            )
        }
        for action in open {
            guard case .start(let persona, let count, _) = action.body else { continue }
            let more =
                switch action.state {
                case .planned, .prechecked: count
                case .applied: action.progress.unseen.count
                default: 0
                }
            guard more > 0 else { continue }
            groups.append(ResourceGroup(persona: persona, state: .starting, since: action.decided, count: more))
        }
        return groups
    }

    /// Resources that were told to leave, or may have been.
    var leaving: Set<String> {
        var ids: Set<String> = []
        for action in open {
            guard case .retire(let wanted) = action.body else { continue }
            switch action.state {
            case .planned, .prechecked: ids.formUnion(wanted)
            case .applied: ids.formUnion(action.progress.unseen)
            default: break
            }
        }
        return ids
    }

    /// Resources that drivers say they started.
    var started: Set<String> {
        Set(
            open.flatMap { action -> [String] in
                if case .start = action.body { action.progress.ids } else { [] }
            }
        )
    }
}
