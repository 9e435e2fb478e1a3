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
    private(set) var times: [Int64] = []
    private(set) var values: [Double] = []
    private var ascends = true

    var isEmpty: Bool { times.isEmpty }

    mutating func append(time: Int64, value: Double) {
        if let last = times.last, time <= last { ascends = false }
        times.append(time)
        values.append(value)
    }

    mutating func append(contentsOf other: HeadSeries) {
        guard let first = other.times.first else { return }
        if !other.ascends || times.last.map({ first <= $0 }) == true { ascends = false }
        times.append(contentsOf: other.times)
        values.append(contentsOf: other.values)
    }

    /// Brings the readings into the order of time; of one instant only the last written stays.
    ///
    /// O(n log n) after disorder.
    mutating func settle() {
        guard !ascends else { return }
        let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
        var sorted = HeadSeries()
        sorted.times.reserveCapacity(order.count)
        sorted.values.reserveCapacity(order.count)
        for index in order {
            if sorted.times.last == times[index] {
                sorted.values[sorted.values.count - 1] = values[index]
            } else {
                sorted.times.append(times[index])
                sorted.values.append(values[index])
            }
        }
        self = sorted
    }

    /// Only of a settled series.
    func slice(from: Int64, to: Int64) -> Samples {
        guard from < to else { return Samples() }
        let range = times.lowerBound(of: from)..<times.lowerBound(of: to)
        return Samples(times: Array(times[range]), values: Array(values[range]))
    }

    /// What is at or before `limit`, and what is after it.
    ///
    /// Only of a settled series.
    func split(after limit: Int64) -> (old: Samples, young: Samples) {
        let all = Samples(times: times, values: values)
        if times.last.map({ $0 <= limit }) ?? true { return (all, Samples()) }
        // Not `Int64.max`: something is beyond it.
        let cut = times.lowerBound(of: limit + 1)
        return (all.part(0..<cut), all.part(cut..<times.count))
    }

    /// Only of a settled series.
    func latest(atOrBefore limit: Int64) -> (time: Int64, value: Double)? {
        let index = limit == .max ? times.count : times.lowerBound(of: limit + 1)
        return index == 0 ? nil : (times[index - 1], values[index - 1])
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
