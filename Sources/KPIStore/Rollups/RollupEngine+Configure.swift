package import Domain
import Synchronization

extension RollupEngine {
    /// Says which KPIs are rolled up, at the start and whenever the definitions change.
    ///
    /// What is not on disk yet is made from the samples in the store: at the start, do this before samples are handed over. A KPI
    /// that is defined as before keeps what it has; one that is new (or defined otherwise) begins at the last stored block, or in a
    /// new store at `now` less `Configuration.memory`: ask `rebuild` for what is older. Of two definitions of one fleet and KPI the
    /// later holds.
    package func configure(_ definitions: [RollupDefinition], at now: Timestamp) throws(KPIStoreError) {
        try maintenance.withLock { _ throws(KPIStoreError) in
            var horizon = store.memory.withLock { $0.rollupHorizon }
            if horizon == .min {
                horizon = (now - configuration.memory).milliseconds
                try store.setRollupHorizon(horizon)
            }
            let wanted = Self.unique(definitions)
            let (isFirst, known) = state.withLock { state in
                state.latest = (now + configuration.lead).milliseconds
                return (state.groups.isEmpty, Set(state.definitions))
            }
            var fresh = RollupState()
            fresh.setGroups(wanted.filter { !known.contains($0) }.map { RollupGroup($0, stored: horizon) })
            let keys = store.memory.withLock { $0.catalog.keys }
            for (slot, key) in keys.enumerated() where key != nil { fresh.place(slot, key) }
            for index in fresh.groups.indices { try start(&fresh.groups[index], isFirst: isFirst) }

            state.withLock { state in
                var groups: [RollupGroup] = []
                for definition in wanted {
                    let source = known.contains(definition) ? state : fresh
                    guard let index = source.group(fleet: definition.fleet, kpi: definition.kpi) else { continue }
                    groups.append(source.groups[index])
                }
                state.setGroups(groups)
            }
        }
    }

    private static func unique(_ definitions: [RollupDefinition]) -> [RollupDefinition] {
        var places: [RollupState.Name: Int] = [:]
        var unique: [RollupDefinition] = []
        for definition in definitions {
            let name = RollupState.Name(fleet: definition.fleet, kpi: definition.kpi)
            if let place = places[name] {
                unique[place] = definition
            } else {
                places[name] = unique.count
                unique.append(definition)
            }
        }
        return unique
    }

    /// Makes the steps that are not on disk.
    private func start(_ group: inout RollupGroup, isFirst: Bool) throws(KPIStoreError) {
        let stored = group.firstOpenStep * group.step
        for member in group.members.indices {
            let slot = group.members[member].slot
            let samples = try store.samples(ofSlot: slot, from: stored - group.definition.lookBack, to: .max)
            for index in samples.times.indices {
                group.add(
                    time: samples.times[index],
                    value: samples.values[index],
                    to: member,
                    latest: .max,
                    personaOf: personaOf
                )
            }
            // What is in the log may have come after its block was stored: that is written down only by the next compaction.
            let late = store.memory.withLock { $0.head.samples(of: slot, from: .min, to: stored).times }
            for time in late where RollupGroup.isReasonable(time) {
                let end = max(time, min(time + group.definition.lookBack, stored - 1))
                group.mark(floorDivide(time, group.step)...floorDivide(end, group.step))
            }
        }
        guard !isFirst, let heard = group.members.map(\.heard).max(), heard != .min else { return }
        // A sample that comes in just now may miss both the reading above and `ingest`.
        let newest = floorDivide(heard, group.step)
        group.mark(newest - Int64(RollupBlock.length)...newest + 1)
    }

    /// Marks all steps of a KPI from `from` to `until`, as for a fleet that is new and whose samples are old.
    package func rebuild(fleet: String, kpi: String, from: Timestamp, until: Timestamp) {
        state.withLock { state in
            guard let index = state.group(fleet: fleet, kpi: kpi), from < until,
                RollupGroup.isReasonable(from.milliseconds), RollupGroup.isReasonable(until.milliseconds)
            else { return }
            let step = state.groups[index].step
            state.groups[index]
                .mark(floorDivide(from.milliseconds, step)...floorDivide(until.milliseconds - 1, step))
        }
    }
}
