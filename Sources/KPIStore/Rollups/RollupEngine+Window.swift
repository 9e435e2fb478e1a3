import Domain
import Foundation
import GRDB
import SQLiteFile
import Synchronization

extension RollupEngine {
    /// One number per step of `grid`, NaN where nothing was read (`count` says 0).
    ///
    /// From memory, O(steps · personas), and for `sum` O(series); what is older than memory costs a read of the disk, and
    /// a `resource` one of its samples.
    ///
    /// - Parameters:
    ///   - persona: of resources that played it at the time; nil: all.
    ///   - resource: nil: all.
    /// - Throws: `invalid` for a KPI that is not defined, or a grid that does not consist of whole steps of the definition.
    package func window(
        fleet: String,
        kpi: String,
        persona: String? = nil,
        resource: String? = nil,
        _ aggregate: RollupAggregate,
        on grid: WindowGrid
    ) throws(KPIStoreError) -> [Double] {
        let found = try state.withLock { state throws(KPIStoreError) -> Found in
            guard let index = state.group(fleet: fleet, kpi: kpi) else {
                throw KPIStoreError(
                    .invalid,
                    "fleet \(fleet) has no KPI \(kpi) that is rolled up",
                    at: "window",
                    advice: "Name the KPI in the fleet's definition, as its demand, or in a persona that it plays."
                )
            }
            return try state.groups[index].find(persona: persona, resource: resource, aggregate, on: grid)
        }
        switch found {
        case .whole(let window): return window.values(aggregate)
        case .recent(var window, let definition, let blocks):
            for (_, block) in try store.rollupBlocks(of: definition, persona: persona, blocks) { window.add(block) }
            return window.values(aggregate)
        case .samples(var group, let empty):
            var window = empty
            try fill(&group, steps: window.steps)
            group.gather(into: &window, persona: persona, aggregate)
            return window.values(aggregate)
        }
    }

    /// Adds to a blank group all samples that `steps` depend on.
    func fill(_ group: inout RollupGroup, steps: Range<Int64>) throws(KPIStoreError) {
        let from = steps.lowerBound * group.step - group.definition.lookBack
        for member in group.members.indices {
            let samples = try store.samples(
                ofSlot: group.members[member].slot,
                from: from,
                to: steps.upperBound * group.step
            )
            for index in samples.times.indices {
                group.add(
                    time: samples.times[index],
                    value: samples.values[index],
                    to: member,
                    latest: .max,
                    personaOf: personaOf
                )
            }
        }
    }
}

/// What memory knows of a window.
private enum Found {
    case whole(RollupWindow)
    /// Blocks in a range of numbers are on disk.
    case recent(RollupWindow, RollupDefinition, ClosedRange<Int64>)
    /// To be made from samples: a blank group of the resource's series.
    case samples(RollupGroup, RollupWindow)
}

extension RollupGroup {
    fileprivate mutating func find(
        persona: String?,
        resource: String?,
        _ aggregate: RollupAggregate,
        on grid: WindowGrid
    ) throws(KPIStoreError) -> Found {
        let (perStep, rest) = grid.step.milliseconds.quotientAndRemainder(dividingBy: step)
        let first = floorDivide(grid.start.milliseconds, step)
        // Steps that a grid may have, each of some of ours.
        guard rest == 0, perStep > 0, first * step == grid.start.milliseconds, Self.isReasonable(grid.end.milliseconds),
            Self.isReasonable(grid.start.milliseconds), perStep <= WindowGrid.maximumCount / max(1, grid.count)
        else {
            throw KPIStoreError(
                .invalid,
                "a window from \(grid.start.milliseconds) in steps of \(grid.step.milliseconds) ms, "
                    + "of a KPI that is rolled up each \(step) ms",
                at: "window",
                advice: "Begin at a multiple of \(step) ms, and ask for steps that are multiples of it."
            )
        }
        var window = RollupWindow(
            steps: first..<first + perStep * Int64(grid.count),
            perStep: Int(perStep),
            for: aggregate
        )
        if let resource {
            return .samples(blank(from: first, of: resource), window)
        }
        if case .quantile = aggregate {
            for track in tracks.indices { tracks[track].settleSketches() }
        }
        gather(into: &window, persona: persona, aggregate)
        let (oldest, _) = RollupBlock.place(of: first)
        guard oldest < firstBlock, !window.steps.isEmpty else { return .whole(window) }
        let (newest, _) = RollupBlock.place(of: window.steps.upperBound - 1)
        return .recent(window, definition, oldest...min(newest, firstBlock - 1))
    }

    fileprivate func gather(
        into window: inout RollupWindow,
        persona: String?,
        _ aggregate: RollupAggregate
    ) {
        for track in tracks where persona == nil || track.persona == persona { window.add(track) }
        guard aggregate == .sum else { return }
        for member in members where window.steps.contains(member.step) {
            for (track, total) in member.totals where persona == nil || tracks[track].persona == persona {
                window.add(total: total, step: member.step)
            }
        }
    }
}
