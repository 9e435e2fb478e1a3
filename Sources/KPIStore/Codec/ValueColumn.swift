/// A column of `Double`s, each returned bit by bit as it was given.
///
/// Measurements are mostly decimal numbers: 23.4, 81.027, 1048576. Such a column is written as integers, v = m ÷ 10ᵉ with one e for
/// all, and the integers by `IntegerColumn`. This is exact: |m| < 2⁵¹ and 10ᵉ (e ≤ 15) are `Double`s without error, so the division
/// rounds correctly, and the encoder has tried each value. What is no such number (NaN, ±∞, −0.0, 1 ÷ 3) is an exception, written
/// in full beside the column; where more than an eighth are, all are written as their bit patterns, mapped so that they sort as the
/// numbers do: neighbours then differ little. Where both ways are near each other, the smaller result is taken.
///
/// Bytes:
///
///     kind      0: bit patterns · 16 + e: decimal
///     decimal:  varint   number of exceptions, for each: varint distance from the position of the one before (the first: from −1)
///                        minus 1, eight bytes of the `Double`, little-endian
///     column    `IntegerColumn`; at an exception the integer before it stands again
struct ValueColumn {
    private static let decimal: UInt8 = 16
    private static let highestExponent = 15

    /// 10ⁿ, exact up to n = 22.
    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    // MARK: Writing

    /// Appends the column; `values` holds at least one.
    ///
    /// O(count).
    static func encode(_ values: UnsafeBufferPointer<Double>, into bytes: inout [UInt8]) {
        guard let scaled = Scaled(values) else {
            encodeBits(values, into: &bytes)
            return
        }
        let start = bytes.count
        bytes.append(decimal + UInt8(scaled.exponent))
        bytes.append(varint: UInt64(scaled.exceptions.count))
        var before = -1
        for position in scaled.exceptions {
            bytes.append(varint: UInt64(position - before - 1))
            bytes.append(word: values[position].bitPattern)
            before = position
        }
        scaled.integers.withUnsafeBufferPointer { IntegerColumn.encode($0, into: &bytes) }
        // Fewer than five bytes a value: bit patterns of numbers with an exponent and noise do not come near that.
        guard bytes.count - start > values.count * 5 else { return }
        var other: [UInt8] = []
        encodeBits(values, into: &other)
        if other.count < bytes.count - start {
            bytes.removeSubrange(start...)
            bytes.append(contentsOf: other)
        }
    }

    private static func encodeBits(_ values: UnsafeBufferPointer<Double>, into bytes: inout [UInt8]) {
        bytes.append(0)
        let ordered = [Int64](unsafeUninitializedCapacity: values.count) { ordered, count in
            for index in values.indices { ordered[index] = order(values[index].bitPattern) }
            count = values.count
        }
        ordered.withUnsafeBufferPointer { IntegerColumn.encode($0, into: &bytes) }
    }

    /// The bits of a `Double` as a number that sorts as it does.
    @inline(__always)
    private static func order(_ bits: UInt64) -> Int64 {
        let signed = Int64(bitPattern: bits)
        return signed ^ ((signed &>> 63) & Int64.max)
    }

    /// Undoes `order`: the mapping is its own inverse.
    @inline(__always)
    private static func bits(_ ordered: Int64) -> UInt64 {
        UInt64(bitPattern: ordered ^ ((ordered &>> 63) & Int64.max))
    }

    /// Values as decimal integers, where that suits nearly all of them.
    private struct Scaled {
        var exponent = 0
        var integers: [Int64] = []
        var exceptions: [Int] = []

        init?(_ values: UnsafeBufferPointer<Double>) {
            let tolerated = values.count / 8
            // The smallest exponent that suits most: it grows with the first value that needs it.
            var misfits = 0
            for value in values {
                if decimalInteger(value, power: powers[exponent]) != nil { continue }
                if let needed = (exponent...highestExponent)
                    .first(where: {
                        decimalInteger(value, power: powers[$0]) != nil
                    })
                {
                    exponent = needed
                } else {
                    misfits += 1
                    if misfits > tolerated { return nil }
                }
            }
            // With the exponent final, a large value may have stopped fitting.
            let power = powers[exponent]
            integers.reserveCapacity(values.count)
            for index in values.indices {
                if let integer = decimalInteger(values[index], power: power) {
                    integers.append(integer)
                } else {
                    exceptions.append(index)
                    if exceptions.count > tolerated { return nil }
                    integers.append(integers.last ?? 0)
                }
            }
        }
    }

    /// m with m ÷ power = value to the bit, nil where there is none below 2⁵¹.
    @inline(__always)
    private static func decimalInteger(_ value: Double, power: Double) -> Int64? {
        let scaled = value * power
        // False for NaN too.
        guard abs(scaled) < 0x1p51 else { return nil }
        // Adding 1.5 · 2⁵² leaves no bits for a fraction: this rounds as rint() does, without the call that a baseline x86-64 needs.
        let rounded = (scaled + 0x1.8p52) - 0x1.8p52
        return (rounded / power).bitPattern == value.bitPattern ? Int64(rounded) : nil
    }

    // MARK: Reading

    /// Reads `values.count` values, at least one, and leaves the reader behind the column.
    ///
    /// O(count).
    static func decode(
        into values: UnsafeMutableBufferPointer<Double>,
        from reader: inout ByteReader
    ) throws(Malformed) {
        let kind = try reader.byte()
        if kind == 0 {
            try decodeIntegers(into: values, from: &reader)
            for index in values.indices {
                values[index] = Double(bitPattern: bits(Int64(bitPattern: values[index].bitPattern)))
            }
            return
        }
        guard kind >= decimal, kind - decimal <= highestExponent else { throw Malformed("an unknown column of values") }
        let power = powers[Int(kind - decimal)]
        var exceptions: [(position: Int, bits: UInt64)] = []
        var next = 0
        for _ in 0..<(try reader.count(atMost: values.count)) {
            let position = next + (try reader.count(atMost: values.count))
            guard position < values.count else { throw Malformed("an exception beyond the column") }
            exceptions.append((position, try reader.word()))
            next = position + 1
        }
        try decodeIntegers(into: values, from: &reader)
        for index in values.indices {
            values[index] = Double(Int64(bitPattern: values[index].bitPattern)) / power
        }
        for exception in exceptions { values[exception.position] = Double(bitPattern: exception.bits) }
    }

    /// The integers, in the memory of the values that they will become.
    private static func decodeIntegers(
        into values: UnsafeMutableBufferPointer<Double>,
        from reader: inout ByteReader
    ) throws(Malformed) {
        try values.withMemoryRebound(to: Int64.self) { integers throws(Malformed) in
            try IntegerColumn.decode(into: integers, from: &reader)
        }
    }
}
