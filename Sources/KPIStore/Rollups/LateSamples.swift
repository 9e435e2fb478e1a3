/// Which samples in the log came after the rollups of their time had been stored.
///
/// While they are in the log a restart finds them there; a compaction, which takes them out, writes them down in `rollup_mark`.
/// Kept by the hour: a resource that was cut off for a day is 24 numbers. Two generations, as in `Head`.
struct LateSamples {
    private static let hour: Int64 = 3_600_000

    private var active: [Int: Set<Int64>] = [:]
    private var frozen: [Int: Set<Int64>] = [:]

    /// `time` is reasonable (`RollupGroup`).
    mutating func insert(_ time: Int64, of slot: Int) {
        active[slot, default: []].insert(floorDivide(time, Self.hour))
    }

    mutating func freeze() {
        for (slot, hours) in active { frozen[slot, default: []].formUnion(hours) }
        active = [:]
    }

    /// Times of the readings that are being compacted, in whole hours.
    var toWriteDown: [(slot: Int, times: ClosedRange<Int64>)] {
        var ranges: [(slot: Int, times: ClosedRange<Int64>)] = []
        for (slot, hours) in frozen.sorted(by: { $0.key < $1.key }) {
            for hour in hours.sorted() {
                let end = (hour + 1) * Self.hour - 1
                if let last = ranges.last, last.slot == slot, last.times.upperBound + 1 == hour * Self.hour {
                    ranges[ranges.count - 1].times = last.times.lowerBound...end
                } else {
                    ranges.append((slot, hour * Self.hour...end))
                }
            }
        }
        return ranges
    }

    /// They are written down.
    mutating func thaw() { frozen = [:] }
}
