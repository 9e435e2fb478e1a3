/// A bin of a `QuantileSketch` in four bytes: bits 14–31 the index plus 2¹⁷, bits 0–13 the count.
///
/// A larger count is several bins of one index. So packed bins sort as their indices do.
struct PackedBin: Equatable {
    private let bits: UInt32

    private static let countBits: UInt32 = 14
    private static let largestCount: UInt32 = 1 << countBits - 1
    private static let bias: Int32 = 1 << 17

    private init(index: Int32, count: UInt32) {
        bits = UInt32(bitPattern: index &+ Self.bias) &<< Self.countBits | count
    }

    var index: Int32 { Int32(bitPattern: bits &>> Self.countBits) &- Self.bias }
    var count: UInt32 { bits & Self.largestCount }

    static func append(_ bin: QuantileSketch.Bin, to packed: inout [PackedBin]) {
        var rest = bin.count
        while rest > largestCount {
            packed.append(PackedBin(index: bin.index, count: largestCount))
            rest -= largestCount
        }
        packed.append(PackedBin(index: bin.index, count: rest))
    }
}
