/// A column of integers, by whatever law makes it smallest.
///
/// With x the integers, all arithmetic modulo 2⁶⁴:
///
///     y[i] = (x[i] − x[0]) ÷ g          g: greatest common divisor of the differences
///     order 0: r[i] = y[i]                         i ≥ 1
///     order 1: r[i] = y[i] − y[i−1]                i ≥ 1
///     order 2: r[i] = (y[i] − y[i−1]) − (y[i−1] − y[i−2])   i ≥ 2
///     u[i] = zigzag(r[i] − b)           b: near the median of r
///
/// Bytes:
///
///     header          bits 0–1 order · bit 2: g is written (else 1) · bit 3: every u is 0, no blocks follow · other bits 0
///     signed varint   x[0]
///     varint          g, if bit 2
///     signed varint   y[1], if order 2
///     signed varint   b
///     bits            the u, in blocks of 128 (`ResidualBlock`), filled up to a whole byte
///
/// A regular grid of timestamps is so six to nine bytes, a counter costs the entropy of its increments, a gauge that moves in pages
/// of 4096 bytes does not pay for the zeros.
struct IntegerColumn {
    private static let hasDivisor: UInt8 = 1 << 2
    private static let allZero: UInt8 = 1 << 3

    // MARK: Writing

    /// Appends the column.
    ///
    /// `xs` holds at least one number. O(count).
    static func encode(_ xs: UnsafeBufferPointer<Int64>, into bytes: inout [UInt8]) {
        let divisor = commonDivisor(xs)
        let first = xs[0]
        let ys = [Int64](unsafeUninitializedCapacity: xs.count) { ys, count in
            if divisor == 1 {
                for index in xs.indices { ys[index] = xs[index] &- first }
            } else {
                for index in xs.indices { ys[index] = (xs[index] &- first) / divisor }
            }
            count = xs.count
        }
        ys.withUnsafeBufferPointer { ys in
            let plan = cheapest(ys)
            var header = UInt8(plan.order)
            if divisor != 1 { header |= hasDivisor }
            if plan.cost == 0 { header |= allZero }
            bytes.append(header)
            bytes.append(signed: first)
            if divisor != 1 { bytes.append(varint: UInt64(bitPattern: divisor)) }
            if plan.order == 2 { bytes.append(signed: ys[1]) }
            bytes.append(signed: plan.base)
            guard plan.cost != 0 else { return }
            bytes = blocks(plan.residuals, base: plan.base, after: bytes)
        }
    }

    private static func blocks(_ residuals: [Int64], base: Int64, after bytes: consuming [UInt8]) -> [UInt8] {
        var writer = BitWriter(after: bytes)
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: ResidualBlock.size) { block in
            var start = 0
            while start < residuals.count {
                let length = min(ResidualBlock.size, residuals.count - start)
                for index in 0..<length { block[index] = zigzag(residuals[start + index] &- base) }
                ResidualBlock.encode(UnsafeBufferPointer(rebasing: block[..<length]), into: &writer)
                start += length
            }
        }
        return writer.finish()
    }

    private struct Plan {
        var order: Int
        var base: Int64
        var residuals: [Int64]
        /// Sum of bit lengths: 0 only if every residual is `base`.
        var cost: Int
    }

    private static func cheapest(_ ys: UnsafeBufferPointer<Int64>) -> Plan {
        var best = plan(ys, order: 0)
        for order in [1, 2] where best.cost > 0 && ys.count > order {
            let candidate = plan(ys, order: order)
            if candidate.cost < best.cost { best = candidate }
        }
        return best
    }

    private static func plan(_ ys: UnsafeBufferPointer<Int64>, order: Int) -> Plan {
        let skipped = max(1, order)
        let residuals = [Int64](unsafeUninitializedCapacity: ys.count - skipped) { residuals, count in
            switch order {
            case 0: for index in 1..<ys.count { residuals[index - 1] = ys[index] }
            case 1: for index in 1..<ys.count { residuals[index - 1] = ys[index] &- ys[index - 1] }
            default:
                for index in 2..<ys.count {
                    residuals[index - 2] = ys[index] &- 2 &* ys[index - 1] &+ ys[index - 2]
                }
            }
            count = ys.count - skipped
        }
        let base = nearMedian(residuals)
        let cost = residuals.reduce(0) { $0 + bitLength(zigzag($1 &- base)) }
        return Plan(order: order, base: base, residuals: residuals, cost: cost)
    }

    /// The median of 31 numbers spread evenly over the column: near enough, and cheap.
    private static func nearMedian(_ numbers: [Int64]) -> Int64 {
        let step = max(1, numbers.count / 31)
        let some = stride(from: 0, to: numbers.count, by: step).map { numbers[$0] }.sorted()
        return some.isEmpty ? 0 : some[some.count / 2]
    }

    /// Greatest common divisor of the differences to the first number, at least 1.
    ///
    /// Most columns are through after a few numbers.
    private static func commonDivisor(_ xs: UnsafeBufferPointer<Int64>) -> Int64 {
        var divisor: UInt64 = 0
        for x in xs.dropFirst() where divisor != 1 {
            var a = (x &- xs[0]).magnitude
            while a != 0 { (divisor, a) = (a, divisor % a) }
        }
        // 2⁶³ does not fit, and 0 means that all are equal.
        return divisor == 0 || divisor > UInt64(Int64.max) ? 1 : Int64(divisor)
    }

    // MARK: Reading

    /// Reads `xs.count` numbers, at least one, and leaves the reader behind the column.
    ///
    /// O(count).
    static func decode(into xs: UnsafeMutableBufferPointer<Int64>, from reader: inout ByteReader) throws(Malformed) {
        let header = try reader.byte()
        let order = Int(header & 3)
        guard header < 16, order < 3 else { throw Malformed("an unknown column") }
        let first = try reader.signed()
        var divisor: Int64 = 1
        if header & hasDivisor != 0 { divisor = Int64(bitPattern: try reader.varint()) }
        guard divisor > 0 else { throw Malformed("a divisor that cannot be") }
        guard xs.count > order || order < 2 else { throw Malformed("a column too short for its order") }
        let second = order == 2 ? try reader.signed() : 0
        let base = try reader.signed()

        let skipped = max(1, order)
        let residuals = UnsafeMutableBufferPointer(rebasing: xs[min(skipped, xs.count)...])
        if header & allZero != 0 {
            residuals.update(repeating: base)
        } else {
            try decodeBlocks(into: residuals, base: base, from: &reader)
        }

        xs[0] = first
        switch order {
        case 0:
            for index in xs.indices.dropFirst() { xs[index] = first &+ xs[index] &* divisor }
        case 1:
            var x = first
            for index in xs.indices.dropFirst() {
                x = x &+ xs[index] &* divisor
                xs[index] = x
            }
        default:
            var step = second &* divisor
            var x = first &+ step
            xs[1] = x
            for index in xs.indices.dropFirst(2) {
                step = step &+ xs[index] &* divisor
                x = x &+ step
                xs[index] = x
            }
        }
    }

    private static func decodeBlocks(
        into residuals: UnsafeMutableBufferPointer<Int64>,
        base: Int64,
        from reader: inout ByteReader
    ) throws(Malformed) {
        var bits = BitReader(UnsafeRawBufferPointer(rebasing: reader.bytes[reader.position...]))
        var start = 0
        while start < residuals.count {
            let length = min(ResidualBlock.size, residuals.count - start)
            let part = UnsafeMutableBufferPointer(rebasing: residuals[start..<start + length])
            // The residuals are decoded where they will stay: same size, same alignment.
            try part.withMemoryRebound(to: UInt64.self) { block throws(Malformed) in
                try ResidualBlock.decode(into: block, from: &bits)
            }
            for index in part.indices { part[index] = unzigzag(UInt64(bitPattern: part[index])) &+ base }
            start += length
        }
        try reader.skip(bits.bytesRead)
    }
}
