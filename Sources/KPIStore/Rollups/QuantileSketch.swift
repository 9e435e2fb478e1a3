/// How often which values were read, each known within one part in 128: merges without loss, answers any quantile.
///
/// A value falls into the bin that its sign, exponent and upper six bits of the mantissa make: 64 bins per power of two, found by a
/// shift. The middle of a bin differs from all in it by at most 1/128 of them, and so does the quantile that is answered from that
/// of the same rank among the values. (Values below 2.3e-308 in magnitude are 0; −∞ and ∞ have bins of their own.)
///
/// Source: C. Masson, J. E. Rim, H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error guarantees"
/// (VLDB 2019), with bins that are linear between powers of two, as in G. Tene's HdrHistogram. Where more than `maximumBins` are in
/// use, the lowest are joined, as there: only the lowest quantiles suffer.
struct QuantileSketch: Equatable {
    struct Bin: Equatable {
        /// Ascends as the values do.
        var index: Int32
        var count: UInt32
    }

    static let relativeError = 1.0 / 128
    static let maximumBins = 2048
    private static let subBits: UInt64 = 6
    private static let pendingLimit = 256

    /// Ascending; without those in `pending`.
    private(set) var bins: [Bin] = []
    /// Bins of values that are not in `bins` yet: sorting many at once is cheaper than searching for each.
    private var pending: [Int32] = []

    var isEmpty: Bool { bins.isEmpty && pending.isEmpty }

    init() {}

    // MARK: Writing

    /// `value` is not NaN.
    @inline(__always)
    mutating func insert(_ value: Double) {
        pending.append(Self.index(of: value))
        if pending.count == Self.pendingLimit { settle() }
    }

    mutating func settle() {
        guard !pending.isEmpty else { return }
        pending.sort()
        let old = bins
        // Mostly there was nothing before: then this is all, in memory that is there.
        bins.removeAll(keepingCapacity: old.isEmpty)
        for index in pending {
            if let last = bins.last, last.index == index {
                bins[bins.count - 1].count &+= 1
            } else {
                bins.append(Bin(index: index, count: 1))
            }
        }
        pending.removeAll(keepingCapacity: true)
        merge(old)
    }

    mutating func merge(_ other: QuantileSketch) {
        var other = other
        other.settle()
        merge(other.bins)
    }

    mutating func merge(_ packed: ArraySlice<PackedBin>) {
        guard !packed.isEmpty else { return }
        var other: [Bin] = []
        other.reserveCapacity(packed.count)
        for bin in packed {
            if let last = other.last, last.index == bin.index {
                other[other.count - 1].count &+= bin.count
            } else {
                other.append(Bin(index: bin.index, count: bin.count))
            }
        }
        settle()
        merge(other)
    }

    /// Appends the bins as they are kept in memory by the thousand.
    mutating func pack(into packed: inout [PackedBin]) {
        settle()
        for bin in bins { PackedBin.append(bin, to: &packed) }
    }

    /// Empties it and keeps its memory.
    mutating func removeAll() {
        bins.removeAll(keepingCapacity: true)
        pending.removeAll(keepingCapacity: true)
    }

    private mutating func merge(_ other: [Bin]) {
        guard !other.isEmpty else { return }
        if bins.isEmpty {
            bins = other
        } else {
            var merged: [Bin] = []
            merged.reserveCapacity(bins.count + other.count)
            var mine = 0
            for bin in other {
                while mine < bins.count, bins[mine].index < bin.index {
                    merged.append(bins[mine])
                    mine += 1
                }
                if mine < bins.count, bins[mine].index == bin.index {
                    merged.append(Bin(index: bin.index, count: bins[mine].count &+ bin.count))
                    mine += 1
                } else {
                    merged.append(bin)
                }
            }
            merged.append(contentsOf: bins[mine...])
            bins = merged
        }
        collapse()
    }

    private mutating func collapse() {
        guard bins.count > Self.maximumBins else { return }
        let excess = bins.count - Self.maximumBins
        let count = bins[...excess].reduce(UInt32(0)) { $0 &+ $1.count }
        bins.removeFirst(excess)
        bins[0].count = count
    }

    // MARK: Asking

    /// The value of rank ⌊q · (n − 1)⌋ among n, within `relativeError`; NaN of an empty sketch.
    ///
    /// `q` is 0 … 1.
    func quantile(_ q: Double) -> Double {
        var settled = self
        settled.settle()
        let total = settled.bins.reduce(0) { $0 + Int($1.count) }
        guard total > 0, q >= 0, q <= 1 else { return .nan }
        var rank = Int(q * Double(total - 1))
        for bin in settled.bins {
            rank -= Int(bin.count)
            if rank < 0 { return Self.value(of: bin.index) }
        }
        return .nan
    }

    /// The upper bits, with the value's sign; 0 for zero.
    @inline(__always)
    static func index(of value: Double) -> Int32 {
        let magnitude = value.bitPattern & (1 &<< 63 &- 1)
        let upper = Int32(truncatingIfNeeded: magnitude &>> (52 - subBits))
        // Exponent 0: zero and what is next to it.
        guard upper >= 64 else { return 0 }
        return value.sign == .minus ? -upper : upper
    }

    /// The middle of a bin.
    static func value(of index: Int32) -> Double {
        guard index != 0 else { return 0 }
        let low = Double(bitPattern: UInt64(index.magnitude) &<< (52 - subBits))
        guard low.isFinite else { return index < 0 ? -.infinity : .infinity }
        let width = Double(sign: .plus, exponent: Int(low.exponent) - Int(subBits), significand: 1)
        let middle = low + width / 2
        return index < 0 ? -middle : middle
    }

    private static let highestIndex: Int32 = 0x7ff << 6
}

extension QuantileSketch {
    /// Number of bins, then for each the distance from the index before (the first: from 0), and the count.
    ///
    /// Only of a settled sketch.
    func encode(into bytes: inout [UInt8]) {
        bytes.append(varint: UInt64(bins.count))
        var before: Int32 = 0
        for bin in bins {
            bytes.append(signed: Int64(bin.index) - Int64(before))
            bytes.append(varint: UInt64(bin.count))
            before = bin.index
        }
    }

    /// Reads what `encode` wrote, and adds it to this one.
    mutating func merge(from reader: inout ByteReader) throws(Malformed) {
        var other: [Bin] = []
        let count = try reader.count(atMost: Self.maximumBins)
        other.reserveCapacity(count)
        var index: Int64 = 0
        for position in 0..<count {
            let distance = try reader.signed()
            guard distance.magnitude <= UInt64(Self.highestIndex) * 2, position == 0 || distance > 0 else {
                throw Malformed("bins that do not ascend")
            }
            index += distance
            guard index.magnitude <= UInt64(Self.highestIndex) else { throw Malformed("a bin that cannot be") }
            let number = try reader.varint()
            guard number > 0, number <= UInt64(UInt32.max) else { throw Malformed("a bin with a wrong count") }
            other.append(Bin(index: Int32(index), count: UInt32(number)))
        }
        settle()
        merge(other)
    }
}
