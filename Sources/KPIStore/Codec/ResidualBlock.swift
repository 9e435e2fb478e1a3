/// How one block of up to 128 residuals is written.
///
/// The cheapest is chosen block by block.
///
/// The header byte says which; a value `u` follows another without a gap.
///
///     0 …  64   packed, width w = header:            u in w bits
///    65 … 127   Rice, k = header − 65:               q = u >> k as q ones and a zero, then the low k bits of u
///   128 … 191   sparse packed, width w = header − 127: 0 for zero; 1 and u − 1 in w bits
///   192 … 254   sparse Rice, k = header − 192:       0 for zero; 1 and u − 1 in Rice
///         255   not used
///
/// A Rice quotient of 24 or more is written as 24 ones and then all of u in 64 bits, so an outlier costs 88 bits and no more.
///
/// Source: R. F. Rice, "Some practical universal noiseless coding techniques" (JPL 79-22), as FLAC and JPEG-LS use it.
struct ResidualBlock {
    static let size = 128
    private static let escape = 24
    private static let highestRice = 62

    private enum Mode {
        case packed(width: Int)
        case rice(k: Int)
        case sparsePacked(width: Int)
        case sparseRice(k: Int)

        var header: UInt64 {
            switch self {
            case .packed(let width): UInt64(width)
            case .rice(let k): UInt64(65 + k)
            case .sparsePacked(let width): UInt64(127 + width)
            case .sparseRice(let k): UInt64(192 + k)
            }
        }

        init(header: UInt64) throws(Malformed) {
            switch Int(header) {
            case 0...64: self = .packed(width: Int(header))
            case 65...127: self = .rice(k: Int(header) - 65)
            case 128...191: self = .sparsePacked(width: Int(header) - 127)
            case 192...254: self = .sparseRice(k: Int(header) - 192)
            default: throw Malformed("an unknown block of residuals")
            }
        }
    }

    // MARK: Writing

    static func encode(_ block: UnsafeBufferPointer<UInt64>, into writer: inout BitWriter) {
        let mode = cheapest(block)
        writer.write(mode.header, width: 8)
        switch mode {
        case .packed(let width):
            guard width > 0 else { return }
            for value in block { writer.write(value, width: width) }
        case .rice(let k):
            for value in block { writeRice(value, k: k, into: &writer) }
        case .sparsePacked(let width):
            for value in block {
                writer.write(value == 0 ? 0 : 1, width: 1)
                if value != 0 { writer.write(value &- 1, width: width) }
            }
        case .sparseRice(let k):
            for value in block {
                writer.write(value == 0 ? 0 : 1, width: 1)
                if value != 0 { writeRice(value &- 1, k: k, into: &writer) }
            }
        }
    }

    @inline(__always)
    private static func writeRice(_ value: UInt64, k: Int, into writer: inout BitWriter) {
        let quotient = value &>> UInt64(truncatingIfNeeded: k)
        if quotient < UInt64(escape) {
            writer.write((1 &<< quotient) &- 1, width: Int(quotient) + 1)
            writer.write(value & ((1 &<< UInt64(truncatingIfNeeded: k)) &- 1), width: k)
        } else {
            writer.write((1 &<< UInt64(escape)) &- 1, width: escape)
            writer.write(value, width: 64)
        }
    }

    /// O(block) per mode that is worth looking at.
    private static func cheapest(_ block: UnsafeBufferPointer<UInt64>) -> Mode {
        var largest: UInt64 = 0
        var zeros = 0
        var lengths = 0
        for value in block {
            largest = max(largest, value)
            if value == 0 { zeros += 1 }
            lengths += bitLength(value)
        }
        let width = bitLength(largest)
        guard width > 0 else { return .packed(width: 0) }

        var best = Mode.packed(width: width)
        var cost = block.count * width
        // For a geometric distribution the mean bit length is close to the best k.
        let middle = lengths / block.count
        for k in max(0, middle - 1)...max(0, min(highestRice, middle + 1)) {
            let bits = riceBits(block, k: k)
            if bits < cost { (best, cost) = (.rice(k: k), bits) }
        }
        guard zeros * 3 >= block.count else { return best }

        let others = block.count - zeros
        let sparseWidth = max(1, bitLength(largest &- 1))
        let packed = block.count + others * sparseWidth
        if packed < cost { (best, cost) = (.sparsePacked(width: sparseWidth), packed) }
        let sparseMiddle = lengths / others
        for k in max(0, sparseMiddle - 2)...max(0, min(highestRice, sparseMiddle)) {
            let bits = block.count + sparseRiceBits(block, k: k)
            if bits < cost { (best, cost) = (.sparseRice(k: k), bits) }
        }
        return best
    }

    private static func riceBits(_ block: UnsafeBufferPointer<UInt64>, k: Int) -> Int {
        block.reduce(0) { $0 + riceBits($1, k: k) }
    }

    private static func sparseRiceBits(_ block: UnsafeBufferPointer<UInt64>, k: Int) -> Int {
        block.reduce(0) { $1 == 0 ? $0 : $0 + riceBits($1 &- 1, k: k) }
    }

    @inline(__always)
    private static func riceBits(_ value: UInt64, k: Int) -> Int {
        let quotient = value &>> UInt64(truncatingIfNeeded: k)
        return quotient < UInt64(escape) ? Int(quotient) + 1 + k : escape + 64
    }

    // MARK: Reading

    static func decode(
        into block: UnsafeMutableBufferPointer<UInt64>,
        from reader: inout BitReader
    ) throws(Malformed) {
        switch try Mode(header: try reader.read(width: 8)) {
        case .packed(let width):
            for index in block.indices { block[index] = try reader.read(width: width) }
        case .rice(let k):
            for index in block.indices { block[index] = try readRice(k: k, from: &reader) }
        case .sparsePacked(let width):
            for index in block.indices {
                block[index] = try reader.read(width: 1) == 0 ? 0 : try reader.read(width: width) &+ 1
            }
        case .sparseRice(let k):
            for index in block.indices {
                block[index] = try reader.read(width: 1) == 0 ? 0 : try readRice(k: k, from: &reader) &+ 1
            }
        }
    }

    @inline(__always)
    private static func readRice(k: Int, from reader: inout BitReader) throws(Malformed) -> UInt64 {
        let quotient = try reader.ones(atMost: escape)
        if quotient == escape { return try reader.read(width: 64) }
        return UInt64(truncatingIfNeeded: quotient) &<< UInt64(truncatingIfNeeded: k) | (try reader.read(width: k))
    }
}

/// Bits that `value` needs; 0 for 0.
@inline(__always)
func bitLength(_ value: UInt64) -> Int { 64 &- value.leadingZeroBitCount }
