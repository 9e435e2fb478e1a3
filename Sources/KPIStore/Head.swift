/// What is in the log and not yet in chunks, per series, in memory: so a read never scans the log.
///
/// Two generations, as in a log-structured tree: appends go to `active`; a compaction freezes it and writes `frozen` out, while
/// appends fill a new one. At one instant `active` is newer than `frozen`, and `frozen` newer than chunks.
struct Head {
    private(set) var active: [HeadSeries] = []
    private(set) var frozen: [HeadSeries] = []

    mutating func append(slot: Int, time: Int64, value: Double) {
        if slot >= active.count {
            active.append(contentsOf: repeatElement(HeadSeries(), count: slot + 1 - active.count))
        }
        active[slot].append(time: time, value: value)
    }

    /// Makes all of it `frozen`; what a compaction that failed had frozen comes before what came since.
    mutating func freeze() {
        if frozen.isEmpty {
            swap(&active, &frozen)
        } else {
            frozen.append(contentsOf: repeatElement(HeadSeries(), count: max(0, active.count - frozen.count)))
            for slot in active.indices { frozen[slot].append(contentsOf: active[slot]) }
            active = []
        }
        for slot in frozen.indices { frozen[slot].settle() }
    }

    /// Forgets what is in chunks now; `rest` is what was frozen and is not, by slot.
    mutating func thaw(keeping rest: [(slot: Int, samples: Samples)]) {
        frozen = []
        guard !rest.isEmpty else { return }
        var older = Head()
        for (slot, samples) in rest {
            for index in samples.times.indices {
                older.append(slot: slot, time: samples.times[index], value: samples.values[index])
            }
        }
        swap(&older.active, &active)
        active.append(contentsOf: repeatElement(HeadSeries(), count: max(0, older.active.count - active.count)))
        for slot in older.active.indices { active[slot].append(contentsOf: older.active[slot]) }
    }

    /// The readings of a series with `from ≤ time < to`.
    mutating func samples(of slot: Int, from: Int64, to: Int64) -> Samples {
        let older = frozen.indices.contains(slot) ? frozen[slot].slice(from: from, to: to) : Samples()
        guard active.indices.contains(slot) else { return older }
        active[slot].settle()
        return older.overlaid(by: active[slot].slice(from: from, to: to))
    }

    /// The last reading of a series at or before `limit`.
    mutating func latest(of slot: Int, atOrBefore limit: Int64) -> (time: Int64, value: Double)? {
        let older = frozen.indices.contains(slot) ? frozen[slot].latest(atOrBefore: limit) : nil
        guard active.indices.contains(slot) else { return older }
        active[slot].settle()
        let newer = active[slot].latest(atOrBefore: limit)
        guard let older else { return newer }
        guard let newer else { return older }
        return newer.time >= older.time ? newer : older
    }

    func isEmpty(_ slot: Int) -> Bool {
        !(active.indices.contains(slot) && !active[slot].isEmpty)
            && !(frozen.indices.contains(slot) && !frozen[slot].isEmpty)
    }
}

/// Readings of one series in the order of their writing; sorted when they are asked for.
struct HeadSeries {
    /// Time and value side by side: an append touches one place in memory, not two, and that is what it costs.
    private struct Reading {
        var time: Int64
        var value: Double
    }

    private var readings: [Reading] = []
    private var ascends = true

    var isEmpty: Bool { readings.isEmpty }

    mutating func append(time: Int64, value: Double) {
        if let last = readings.last, time <= last.time { ascends = false }
        readings.append(Reading(time: time, value: value))
    }

    mutating func append(contentsOf other: HeadSeries) {
        guard let first = other.readings.first else { return }
        if !other.ascends || readings.last.map({ first.time <= $0.time }) == true { ascends = false }
        readings.append(contentsOf: other.readings)
    }

    /// Brings the readings into the order of time; of one instant only the last written stays.
    ///
    /// O(n log n) after disorder.
    mutating func settle() {
        guard !ascends else { return }
        let order = readings.indices.sorted { (readings[$0].time, $0) < (readings[$1].time, $1) }
        var sorted: [Reading] = []
        sorted.reserveCapacity(order.count)
        for index in order {
            if sorted.last?.time == readings[index].time {
                sorted[sorted.count - 1] = readings[index]
            } else {
                sorted.append(readings[index])
            }
        }
        readings = sorted
        ascends = true
    }

    /// Only of a settled series.
    func slice(from: Int64, to: Int64) -> Samples {
        from < to ? samples(lowerBound(of: from)..<lowerBound(of: to)) : Samples()
    }

    /// What is at or before `limit`, and what is after it.
    ///
    /// Only of a settled series.
    func split(after limit: Int64) -> (old: Samples, young: Samples) {
        let cut = count(atOrBefore: limit)
        return (samples(0..<cut), samples(cut..<readings.count))
    }

    /// Only of a settled series.
    func latest(atOrBefore limit: Int64) -> (time: Int64, value: Double)? {
        let index = count(atOrBefore: limit)
        return index == 0 ? nil : (readings[index - 1].time, readings[index - 1].value)
    }

    private func count(atOrBefore limit: Int64) -> Int {
        // Nothing is beyond `Int64.max`, and one more than it cannot be named.
        limit == .max ? readings.count : lowerBound(of: limit + 1)
    }

    private func samples(_ range: Range<Int>) -> Samples {
        var samples = Samples()
        samples.times.reserveCapacity(range.count)
        samples.values.reserveCapacity(range.count)
        for reading in readings[range] {
            samples.times.append(reading.time)
            samples.values.append(reading.value)
        }
        return samples
    }

    /// Index of the first reading that is not before `bound`.
    private func lowerBound(of bound: Int64) -> Int {
        var low = 0
        var high = readings.count
        while low < high {
            let middle = low + (high - low) / 2
            if readings[middle].time < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension [Int64] {
    /// Index of the first element that is not below `bound`; the array ascends.
    ///
    /// O(log n).
    func lowerBound(of bound: Int64) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] < bound { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
