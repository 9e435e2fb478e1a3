extension Samples {
    /// Both together; at an instant that both know, `newer` holds.
    ///
    /// O(n + m), or one append where they do not overlap.
    func overlaid(by newer: Samples) -> Samples {
        guard let first = newer.times.first else { return self }
        guard let last = times.last else { return newer }
        if last < first {
            return Samples(times: times + newer.times, values: values + newer.values)
        }
        var merged = Samples()
        merged.times.reserveCapacity(count + newer.count)
        merged.values.reserveCapacity(count + newer.count)
        var mine = 0
        var theirs = 0
        while mine < count || theirs < newer.count {
            if theirs == newer.count || mine < count && times[mine] < newer.times[theirs] {
                merged.times.append(times[mine])
                merged.values.append(values[mine])
                mine += 1
            } else {
                if mine < count, times[mine] == newer.times[theirs] { mine += 1 }
                merged.times.append(newer.times[theirs])
                merged.values.append(newer.values[theirs])
                theirs += 1
            }
        }
        return merged
    }

    /// The readings with `from ≤ time < to`.
    func clipped(from: Int64, to: Int64) -> Samples {
        guard from < to else { return Samples() }
        if let first = times.first, let last = times.last, first >= from, last < to { return self }
        let range = times.lowerBound(of: from)..<times.lowerBound(of: to)
        return Samples(times: Array(times[range]), values: Array(values[range]))
    }

    /// The readings in `range` of positions.
    func part(_ range: Range<Int>) -> Samples {
        Samples(times: Array(times[range]), values: Array(values[range]))
    }
}
