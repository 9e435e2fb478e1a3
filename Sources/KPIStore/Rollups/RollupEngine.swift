package import Domain
import Synchronization

/// Per fleet, persona, KPI and step: count, sum, minimum, maximum, quantiles of what was read. So that whoever decides for a fleet
/// of a thousand resources reads sixty numbers, and not a thousand series.
///
///     append ──▶ KPIStore
///        └─────▶ ingest ──▶ open steps ──▶ blocks of 60 steps ──maintain──▶ table `rollup`
///                                └──────────── window ◀─────────────────────────┘
///
/// The samples in the store are the truth: what is here is made from them, is made anew where it was made too early (a late sample,
/// an assignment of yesterday), and after a restart from the last stored block on. Hand every batch over after its `append` has
/// returned; a batch of which half is handed over twice changes nothing in the end.
///
/// Steps are exact once `maintain` has found nothing marked; before that, a step that got a late sample lacks it.
///
/// Nothing runs by itself: the owner calls `maintain` every minute or so, and before a compaction. All calls may come from any
/// thread; those that throw read or write the disk.
package final class RollupEngine: Sendable {
    let store: KPIStore
    let personaOf: PersonaSpan.Source
    let state = Mutex(RollupState())
    /// Rebuilding, storing and configuring, one at a time.
    let maintenance = Mutex(RollupRows())
    let configuration: Configuration

    package struct Configuration: Sendable {
        /// Blocks that end this long before `now` are stored: late samples have mostly come by then.
        package var grace = TimeSpan.minutes(2)
        /// How far back windows are answered from memory; what was not stored yet is in memory anyway.
        package var memory = TimeSpan.hours(1)
        /// A sample that is further ahead of `now` waits.
        package var lead = TimeSpan.hours(1)

        package init() {}
    }

    package init(
        _ store: KPIStore,
        configuration: Configuration = Configuration(),
        personaOf: @escaping PersonaSpan.Source
    ) {
        self.store = store
        self.configuration = configuration
        self.personaOf = personaOf
    }

    // MARK: Feeding

    /// Takes over a batch that the store has acknowledged.
    ///
    /// Some 50 ns a sample of a known series.
    package func ingest(_ batch: SampleBatch) {
        state.withLock { state in
            for index in batch.slots.indices {
                let slot = batch.slots[index]
                if !state.placement.isKnown(slot) { state.place(slot, store.key(ofSlot: slot)) }
                var link: Int32?
                while let next = state.placement.next(slot, after: link) {
                    let place = state.placement.place(next)
                    state.groups[place.group]
                        .add(
                            time: batch.times[index],
                            value: batch.values[index],
                            to: place.member,
                            latest: state.latest,
                            personaOf: personaOf
                        )
                    link = next
                }
            }
        }
    }

    /// Tells that a resource has, or had, another persona from `from` to `until` than `personaOf` said before.
    ///
    /// Steps that are concerned are marked, durably where they are on disk. Call it before the assignment is committed and again
    /// after: killed in between, the steps are made anew once too often, not once too rarely.
    package func personaChanged(
        fleet: String,
        resource: String,
        from: Timestamp,
        until: Timestamp = Timestamp(milliseconds: .max)
    ) throws(KPIStoreError) {
        let stored = state.withLock { state -> ClosedRange<Int64>? in
            var stored: ClosedRange<Int64>?
            for group in state.groupsOfFleet[fleet] ?? [] {
                state.groups[group].forgetPersonas(of: resource)
                let range = state.groups[group].times(of: resource, from: from.milliseconds, until: until.milliseconds)
                guard let range else { continue }
                let step = state.groups[group].step
                let steps = floorDivide(range.lowerBound, step)...floorDivide(range.upperBound, step)
                state.groups[group].mark(steps)
                if steps.lowerBound < state.groups[group].firstOpenStep { stored = range }
            }
            return stored
        }
        if let stored { try store.insertRollupMark(fleet: fleet, times: stored) }
    }

    // MARK: Asking

    /// When the KPI was last heard of, of resources that play `persona`, or of all.
    package func lastSample(fleet: String, kpi: String, persona: String? = nil) -> LastSample? {
        state.withLock { state in
            state.group(fleet: fleet, kpi: kpi).map { state.groups[$0].lastSample(persona: persona) }
        }
    }

    /// Steps that wait to be made anew.
    package var marked: Int {
        state.withLock { state in
            state.groups.reduce(0) { $0 + $1.marks.blocks.values.reduce(0) { $0 + $1.nonzeroBitCount } }
        }
    }
}

extension RollupGroup {
    /// How far back an assignment may change what personas were: 400 days.
    private static let longestPast: Int64 = 400 * 86_400_000

    /// The part of a range of time in which there can be readings of the resource, or were ones.
    fileprivate func times(of resource: String, from: Int64, until: Int64) -> ClosedRange<Int64>? {
        let heard = (membersOfResource[resource] ?? []).map { members[$0].heard }.max() ?? .min
        guard heard != .min, from < until else { return nil }
        let first = max(from, heard - Self.longestPast)
        let last = min(until - 1, heard)
        return first <= last ? first...last : nil
    }

    fileprivate func lastSample(persona: String?) -> LastSample {
        var last = (heard: Int64.min, valued: Int64.min, hasEnded: true)
        for member in members where persona == nil || member.track >= 0 && tracks[member.track].persona == persona {
            last.heard = max(last.heard, member.heard)
            last.valued = max(last.valued, member.valued)
            if member.heard != .min, !member.hasEnded { last.hasEnded = false }
        }
        return LastSample(
            heard: last.heard == .min ? nil : Timestamp(milliseconds: last.heard),
            valued: last.valued == .min ? nil : Timestamp(milliseconds: last.valued),
            hasEnded: last.heard != .min && last.hasEnded,
            news: news
        )
    }
}
