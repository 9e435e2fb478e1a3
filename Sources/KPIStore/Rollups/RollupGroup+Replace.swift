extension RollupGroup {
    /// An empty group for the same series, to which samples are added anew.
    ///
    /// Its first step is `step`: what is added before only prepares the counters. `resource`: only its series.
    func blank(from step: Int64, of resource: String? = nil) -> RollupGroup {
        var blank = RollupGroup(definition, stored: 0)
        blank.firstOpenStep = step
        blank.firstBlock = .min
        for member in members where resource == nil || member.resource == resource {
            blank.members.append(RollupMember(slot: member.slot, resource: member.resource))
            blank.noteMember(blank.members.count - 1)
        }
        return blank
    }

    /// Puts what `new` says of `steps` in the place of what was known.
    ///
    /// `new` was made by `blank` from all samples that these steps depend on. Members that have come since have none there.
    mutating func replace(_ steps: ClosedRange<Int64>, by new: consuming RollupGroup) {
        let numbers = new.tracks.map { track(of: $0.persona) }
        for member in members.indices {
            guard let other = new.memberOfSlot[members[member].slot] else { continue }
            let found = new.members[other]
            let isOpenHere = steps.contains(members[member].step)
            // Newer samples that were not handed over yet, or a reading where there was none: a late one before a NaN, say.
            let isNews =
                found.heard > members[member].heard
                || found.step > max(members[member].step, members[member].closed)
            guard isOpenHere || isNews else {
                new.close(other)
                continue
            }
            if !isOpenHere { close(member) }
            if found.step < firstOpenStep || found.step <= members[member].closed { new.close(other) }
            members[member].adopt(new.members[other], tracks: numbers)
        }
        for track in tracks.indices {
            let other = new.tracks.firstIndex { $0.persona == tracks[track].persona }
            for step in steps {
                let cell = other.flatMap { new.tracks[$0].cell(step: step) }
                let sketch = other.map { new.tracks[$0].sketch(step: step) }
                tracks[track].replace(step: step, with: cell, sketch: sketch ?? QuantileSketch())
            }
        }
    }
}
