/// A batch of readings as one row of the log: columns would need a sort, so readings stay in the order in which they came.
///
///     byte      format, 1
///     varint    number of readings, 1 … 65,536
///     runs      readings of one series that follow each other, until all are read:
///                 varint   zigzag(series − series of the run before) · 2, + 1 if the run has more than one reading
///                 varint   readings in the run, if more than one
///                 readings: signed varint   time − time of the reading before in the batch
///                           byte            e ≤ 6: signed varint m follows, the value is m ÷ 10ᵉ · 255: the eight bytes of
///                                           the value follow, little-endian
///     4 bytes   CRC-32 of all before, little-endian
///
/// About six bytes a reading, in tens of nanoseconds: a row lives only until the next compaction.
enum LogBatch {
    static let maximumCount = 1 << 16
    private static let format: UInt8 = 1
    private static let raw: UInt8 = 255
    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6]

    /// Readings of a batch, `series` as the database numbers them.
    struct Columns {
        var series: [Int64] = []
        var times: [Int64] = []
        var values: [Double] = []

        var count: Int { times.count }

        mutating func append(series id: Int64, time: Int64, value: Double) {
            series.append(id)
            times.append(time)
            values.append(value)
        }

        mutating func removeAll() {
            series.removeAll(keepingCapacity: true)
            times.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Writing

    /// The readings of `range`, at least one and at most `maximumCount`.
    static func encode(_ columns: Columns, _ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16 + range.count * 8)
        bytes.append(format)
        bytes.append(varint: UInt64(range.count))
        powers.withUnsafeBufferPointer { powers in
            var series: Int64 = 0
            var time: Int64 = 0
            var exponent = 0
            var index = range.lowerBound
            while index < range.upperBound {
                let id = columns.series[index]
                var end = index + 1
                while end < range.upperBound, columns.series[end] == id { end += 1 }
                let run = zigzag(id &- series) &<< 1
                series = id
                bytes.append(varint: end - index > 1 ? run | 1 : run)
                if end - index > 1 { bytes.append(varint: UInt64(end - index)) }
                while index < end {
                    bytes.append(signed: columns.times[index] &- time)
                    time = columns.times[index]
                    append(columns.values[index], to: &bytes, powers: powers, guess: &exponent)
                    index += 1
                }
            }
        }
        Checksum.seal(&bytes)
        return bytes
    }

    /// One value; `guess` is the exponent of the value before, tried first.
    @inline(__always)
    private static func append(
        _ value: Double,
        to bytes: inout [UInt8],
        powers: UnsafeBufferPointer<Double>,
        guess: inout Int
    ) {
        var integer = decimalInteger(value, power: powers[guess])
        if integer == nil {
            // The smallest exponent that suits gives the shortest number.
            for exponent in powers.indices {
                integer = decimalInteger(value, power: powers[exponent])
                guard integer != nil else { continue }
                guess = exponent
                break
            }
        }
        if let integer {
            bytes.append(UInt8(truncatingIfNeeded: guess))
            bytes.append(signed: integer)
        } else {
            bytes.append(raw)
            bytes.append(word: value.bitPattern)
        }
    }

    /// m with m ÷ power = value to the bit, nil where there is none below 2⁴⁸: a longer varint is no shorter than the value.
    @inline(__always)
    private static func decimalInteger(_ value: Double, power: Double) -> Int64? {
        let scaled = value * power
        // False for NaN too.
        guard abs(scaled) < 0x1p48 else { return nil }
        // Rounds to an integer: see `ValueColumn`.
        let rounded = (scaled + 0x1.8p52) - 0x1.8p52
        return (rounded / power).bitPattern == value.bitPattern ? Int64(rounded) : nil
    }

    // MARK: Reading

    /// Appends the readings of a row to `columns`.
    static func decode(_ sealed: UnsafeRawBufferPointer, into columns: inout Columns) throws(Malformed) {
        try decodeBody(try Checksum.open(sealed), into: &columns)
    }

    /// What `decode` does after the checksum was found right.
    static func decodeBody(_ body: UnsafeRawBufferPointer, into columns: inout Columns) throws(Malformed) {
        var reader = ByteReader(body)
        guard try reader.byte() == format else { throw Malformed("an unknown format of batch") }
        let count = try reader.count(atMost: maximumCount)
        guard count > 0 else { throw Malformed("a batch without readings") }
        var series: Int64 = 0
        var time: Int64 = 0
        var left = count
        while left > 0 {
            let run = try reader.varint()
            series = series &+ unzigzag(run &>> 1)
            let length = run & 1 == 0 ? 1 : try reader.count(atMost: left)
            guard length > 0, length <= left else { throw Malformed("a run that cannot be") }
            for _ in 0..<length {
                time = time &+ (try reader.signed())
                columns.append(series: series, time: time, value: try value(from: &reader))
            }
            left -= length
        }
        guard reader.remaining == 0 else { throw Malformed("bytes after the last reading") }
    }

    private static func value(from reader: inout ByteReader) throws(Malformed) -> Double {
        let kind = try reader.byte()
        if kind == raw { return Double(bitPattern: try reader.word()) }
        guard kind < powers.count else { throw Malformed("an unknown kind of value") }
        return Double(try reader.signed()) / powers[Int(kind)]
    }
}
