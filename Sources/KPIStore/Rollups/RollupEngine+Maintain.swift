package import Domain
import Foundation
import SQLiteFile
import Synchronization

/// What `RollupEngine.maintain` did.
package struct RollupReport: Equatable, Sendable {
    /// Steps made anew from samples.
    package var rebuilt = 0
    /// Steps that are marked still: they are written to all the time, and come next time.
    package var waiting = 0
    /// Blocks written to disk.
    package var stored = 0

    package init() {}
}

extension RollupEngine {
    /// Makes marked steps anew, stores blocks that are complete, forgets what memory need not hold.
    ///
    /// While it works, samples come in and windows are read.
    @discardableResult
    package func maintain(at now: Timestamp) throws(KPIStoreError) -> RollupReport {
        try maintenance.withLock { rows throws(KPIStoreError) in
            var report = RollupReport()
            state.withLock { $0.latest = (now + configuration.lead).milliseconds }
            let notes = try store.rollupMarks()
            takeOver(notes.map(\.mark))
            let count = state.withLock { $0.groups.count }
            for group in 0..<count { try rebuild(group, now: now.milliseconds, report: &report) }
            try storeBlocks(until: (now - configuration.grace).milliseconds, rows: &rows, report: &report)
            // A note goes when what it asked for is on disk.
            if let last = notes.last?.id, !hasMarksOnDisk() { try store.deleteRollupMarks(upTo: last) }
            forget(before: (now - configuration.memory).milliseconds)
            return report
        }
    }

    /// Makes steps of a KPI from samples that were stored before it was defined: a fleet that is new may have a past.
    ///
    /// Costs what it reads: nothing to speak of where there is no such sample.
    package func recall(fleet: String, kpi: String, from: Timestamp, until: Timestamp) throws(KPIStoreError) {
        try maintenance.withLock { _ throws(KPIStoreError) in
            let found = state.withLock { state -> (group: Int, slots: [Int], end: Int64)? in
                guard let group = state.group(fleet: fleet, kpi: kpi) else { return nil }
                let end = min(until.milliseconds, state.groups[group].firstOwnStep * state.groups[group].step)
                return (group, state.groups[group].members.map(\.slot), end)
            }
            guard let found, from.milliseconds < found.end else { return }
            var first = Int64.max
            var last = Int64.min
            for slot in found.slots {
                let times = try store.samples(ofSlot: slot, from: from.milliseconds, to: found.end).times
                if let a = times.first, let b = times.last { (first, last) = (min(first, a), max(last, b)) }
            }
            guard first <= last, RollupGroup.isReasonable(first), RollupGroup.isReasonable(last) else { return }
            state.withLock { state in
                state.groups[found.group]
                    .mark(times: first...last, andAfter: state.groups[found.group].definition.lookBack)
            }
            var report = RollupReport()
            try rebuild(found.group, now: max(until.milliseconds, last), report: &report)
        }
    }

    /// Forgets stored rollups that end before `horizon`. Retention of samples is the store's, and may be shorter.
    package func prune(before horizon: Timestamp) throws(KPIStoreError) {
        try maintenance.withLock { _ throws(KPIStoreError) in
            try store.deleteRollups(before: horizon, definitions: state.withLock { $0.definitions })
        }
    }

    // MARK: Marks

    private func takeOver(_ notes: [RollupMarkRow]) {
        guard !notes.isEmpty else { return }
        let slots = store.memory.withLock { memory in
            notes.map { note in
                if case .series(let row, _) = note { memory.catalog.slot(ofRow: row) } else { nil as Int? }
            }
        }
        state.withLock { state in
            for (note, slot) in zip(notes, slots) {
                switch note {
                case .series(_, let times):
                    guard let slot else { continue }
                    for group in state.groups.indices where state.groups[group].memberOfSlot[slot] != nil {
                        state.groups[group].mark(times: times, andAfter: state.groups[group].definition.lookBack)
                    }
                case .fleet(let fleet, let times):
                    for group in state.groupsOfFleet[fleet] ?? [] {
                        state.groups[group].mark(times: times, andAfter: 0)
                    }
                }
            }
        }
    }

    private func hasMarksOnDisk() -> Bool {
        state.withLock { state in
            state.groups.contains { group in
                let (open, _) = RollupBlock.place(of: group.firstOpenStep)
                return group.marks.blocks.keys.contains { $0 < open }
            }
        }
    }

    // MARK: Rebuilding

    /// What it takes to make steps of one block anew.
    private struct Job {
        var bits: UInt64
        var steps: ClosedRange<Int64>
        var blank: RollupGroup
        var isInMemory: Bool
    }

    private func rebuild(_ group: Int, now: Int64, report: inout RollupReport) throws(KPIStoreError) {
        let horizon = store.memory.withLock { $0.horizon }
        let blocks = state.withLock { state in
            guard !state.groups[group].marks.isEmpty else { return [Int64]() }
            state.groups[group].dropMarks(withoutSamplesBefore: horizon)
            let (newest, _) = RollupBlock.place(of: floorDivide(now, state.groups[group].step))
            return state.groups[group].marks.blocks.keys.filter { $0 <= newest }.sorted()
        }
        for block in blocks {
            let job = state.withLock { state -> Job in
                let bits = state.groups[group].marks.remove(block: block)
                let steps = RollupMarks.range(of: bits, in: block)
                state.groups[group].touched = .max
                return Job(
                    bits: bits,
                    steps: steps,
                    blank: state.groups[group].blank(from: steps.lowerBound),
                    isInMemory: block >= state.groups[group].firstBlock
                )
            }
            do {
                let isDone = try perform(job, group: group, block: block)
                report.rebuilt += isDone ? job.bits.nonzeroBitCount : 0
                report.waiting += isDone ? 0 : job.bits.nonzeroBitCount
                if !isDone { state.withLock { $0.groups[group].marks.insert(job.bits, in: block) } }
            } catch {
                state.withLock { $0.groups[group].marks.insert(job.bits, in: block) }
                throw error
            }
        }
    }

    /// False where samples came in meanwhile that it does not know.
    private func perform(_ job: Job, group: Int, block: Int64) throws(KPIStoreError) -> Bool {
        var new = job.blank
        try fill(&new, steps: job.steps.lowerBound..<job.steps.upperBound + 1)
        if job.isInMemory {
            return state.withLock { state in
                guard state.groups[group].touched > job.steps.upperBound else { return false }
                state.groups[group].replace(job.steps, by: new)
                return true
            }
        }
        // Only maintenance writes to blocks on disk, and it is one at a time. Whoever brings another sample marks it again.
        var tracks = RollupGroup(new.definition, stored: 0)
        for (persona, stored) in try store.rollupBlocks(of: new.definition, block...block) {
            let track = tracks.track(of: persona)
            tracks.tracks[track].put(stored)
        }
        tracks.replace(job.steps, by: new.closed())
        let name = tracks.definition
        let changed = tracks.tracks.compactMap { track in
            track.blocks.first.map { RollupRow($0, of: name, persona: track.persona) }
        }
        // The numbers of tracks are looked up: nobody waits for this.
        var rows = RollupRows()
        try store.storeRollups(changed, numbers: &rows)
        return true
    }

    // MARK: Storing

    private static let groupsPerTransaction = 256

    private func storeBlocks(
        until horizon: Int64,
        rows: inout RollupRows,
        report: inout RollupReport
    ) throws(KPIStoreError) {
        let count = state.withLock { $0.groups.count }
        for start in stride(from: 0, to: count, by: Self.groupsPerTransaction) {
            let range = start..<min(count, start + Self.groupsPerTransaction)
            let new = state.withLock { state in range.flatMap { state.groups[$0].takeBlocks(until: horizon) } }
            guard !new.isEmpty else { continue }
            try store.storeRollups(new, numbers: &rows)
            state.withLock { state in
                for group in range { state.groups[group].noteStored() }
            }
            report.stored += new.count
        }
        // All groups have stored what ends by then; the next start begins there.
        if count > 0, horizon > store.memory.withLock({ $0.rollupHorizon }) { try store.setRollupHorizon(horizon) }
    }

    private func forget(before time: Int64) {
        let prunings = store.prunings.load(ordering: .acquiring)
        let catalog = state.withLock { $0.prunings != prunings } ? store.memory.withLock { $0.catalog.keys } : nil
        state.withLock { state in
            for group in state.groups.indices { state.groups[group].forget(before: time) }
            guard let catalog else { return }
            for group in state.groups.indices {
                state.groups[group].dropMembers { $0 < catalog.count && catalog[$0] == nil }
            }
            state.placement.forgetSlots()
            state.prunings = prunings
        }
    }
}

extension RollupRow {
    fileprivate init(_ block: RollupBlock, of definition: RollupDefinition, persona: String?) {
        self.init(
            key: RollupRows.Key(
                fleet: definition.fleet,
                kpi: definition.kpi,
                persona: persona,
                definition: definition.fingerprint
            ),
            block: block.number,
            data: Data(block.encoded())
        )
    }
}

extension RollupGroup {
    fileprivate mutating func mark(times: ClosedRange<Int64>, andAfter lookBack: Int64) {
        guard Self.isReasonable(times.lowerBound), Self.isReasonable(times.upperBound) else { return }
        mark(floorDivide(times.lowerBound, step)...floorDivide(times.upperBound + lookBack, step))
    }

    /// Steps whose samples are gone, in part or all, stay as they are.
    fileprivate mutating func dropMarks(withoutSamplesBefore horizon: Int64) {
        guard horizon != .min, Self.isReasonable(horizon) else { return }
        marks.drop(before: floorDivide(horizon + definition.lookBack + step - 1, step))
    }

    /// All that was read is in the tracks.
    fileprivate consuming func closed() -> RollupGroup {
        for member in members.indices { close(member) }
        return self
    }

    /// Blocks that end by `horizon` and are not on disk as they are.
    fileprivate mutating func takeBlocks(until horizon: Int64) -> [RollupRow] {
        guard Self.isReasonable(horizon) else { return [] }
        let (block, _) = RollupBlock.place(of: floorDivide(horizon, step))
        closeSteps(before: block * Int64(RollupBlock.length))
        let limit = RollupBlock.place(of: firstOpenStep).number
        var rows: [RollupRow] = []
        for track in tracks {
            for block in track.blocks where block.isChanged && block.number < limit {
                rows.append(RollupRow(block, of: definition, persona: track.persona))
            }
        }
        return rows
    }

    fileprivate mutating func noteStored() {
        let limit = RollupBlock.place(of: firstOpenStep).number
        for track in tracks.indices { tracks[track].noteStored(before: limit) }
    }

    /// Drops stored blocks that end before `time`.
    fileprivate mutating func forget(before time: Int64) {
        guard Self.isReasonable(time) else { return }
        let (block, _) = RollupBlock.place(of: floorDivide(time, step))
        let limit = min(block, RollupBlock.place(of: firstOpenStep).number)
        guard limit > firstBlock else { return }
        firstBlock = limit
        for track in tracks.indices { tracks[track].drop(before: limit) }
    }
}
