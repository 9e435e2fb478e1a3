/// A batch of readings as one row of the log: columns per series would need a sort, so readings stay in the order in which they came.
///
///     byte      format, 2
///     varint    number of readings, 1 … 65,536
///     runs      until all readings are named: the series and the time of each, where both go up by the same again and again
///                 varint          readings in the run, at least 1
///                 signed varint   series of the first − series of the reading before
///                 signed varint   its time − time of the reading before
///                 if more than one reading: signed varint series, signed varint time: what is added from one to the next
///     values    one after the other
///                 byte            bits 0–2: e ≤ 6, the value is m ÷ 10ᵉ · bit 3: more follows · bits 4–7: low bits of zigzag(m)
///                 varint          zigzag(m) >> 4, if more follows
///                 or byte 7 and the eight bytes of the value, little-endian
///     4 bytes   CRC-32 of all before, little-endian
///
/// A round of an agent, or of one scrape, is one or a few runs. About three bytes a reading, in tens of nanoseconds: a row lives
/// only until the next compaction.
enum LogBatch {
    static let maximumCount = 1 << 16
    private static let format: UInt8 = 2
    private static let raw: UInt8 = 7
    private static let more: UInt8 = 8
    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6]
    /// A kind and a number below 2⁴⁹, or the bytes of a value.
    private static let longestValue = 9

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
        bytes.reserveCapacity(64 + range.count * 4)
        bytes.append(format)
        bytes.append(varint: UInt64(range.count))
        columns.series.withUnsafeBufferPointer { series in
            columns.times.withUnsafeBufferPointer { times in
                encodeRuns(
                    UnsafeBufferPointer(rebasing: series[range]),
                    UnsafeBufferPointer(rebasing: times[range]),
                    into: &bytes
                )
            }
        }
        columns.values.withUnsafeBufferPointer {
            encodeValues(UnsafeBufferPointer(rebasing: $0[range]), into: &bytes)
        }
        Checksum.seal(&bytes)
        return bytes
    }

    private static func encodeRuns(
        _ series: UnsafeBufferPointer<Int64>,
        _ times: UnsafeBufferPointer<Int64>,
        into bytes: inout [UInt8]
    ) {
        var lastSeries: Int64 = 0
        var lastTime: Int64 = 0
        var start = 0
        while start < series.count {
            var end = start + 1
            var seriesStep: Int64 = 0
            var timeStep: Int64 = 0
            if end < series.count {
                seriesStep = series[end] &- series[start]
                timeStep = times[end] &- times[start]
                repeat {
                    end += 1
                } while end < series.count
                    && series[end] &- series[end - 1] == seriesStep && times[end] &- times[end - 1] == timeStep
            }
            bytes.append(varint: UInt64(end - start))
            bytes.append(signed: series[start] &- lastSeries)
            bytes.append(signed: times[start] &- lastTime)
            if end - start > 1 {
                bytes.append(signed: seriesStep)
                bytes.append(signed: timeStep)
            }
            lastSeries = series[end - 1]
            lastTime = times[end - 1]
            start = end
        }
    }

    private static func encodeValues(_ values: UnsafeBufferPointer<Double>, into bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: values.count * longestValue) { buffer in
            var length = 0
            powers.withUnsafeBufferPointer { powers in
                // The exponent of the value before is tried first.
                var exponent = 0
                for value in values {
                    var integer = decimalInteger(value, power: powers[exponent])
                    if integer == nil || exponent > 0 && integer == 0 {
                        // The smallest exponent that suits gives the shortest number.
                        for candidate in powers.indices {
                            integer = decimalInteger(value, power: powers[candidate])
                            guard integer != nil else { continue }
                            exponent = candidate
                            break
                        }
                    }
                    guard let integer else {
                        buffer[length] = raw
                        withUnsafeBytes(of: value.bitPattern.littleEndian) { word in
                            for place in 0..<8 { buffer[length + 1 + place] = word[place] }
                        }
                        length += 9
                        continue
                    }
                    let number = zigzag(integer)
                    var rest = number &>> 4
                    buffer[length] =
                        UInt8(truncatingIfNeeded: exponent) | UInt8(truncatingIfNeeded: number & 15) &<< 4
                        | (rest == 0 ? 0 : more)
                    length += 1
                    guard rest != 0 else { continue }
                    while rest >= 0x80 {
                        buffer[length] = UInt8(truncatingIfNeeded: rest) | 0x80
                        rest &>>= 7
                        length += 1
                    }
                    buffer[length] = UInt8(truncatingIfNeeded: rest)
                    length += 1
                }
            }
            bytes.append(contentsOf: buffer[..<length])
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
            let length = try reader.count(atMost: left)
            guard length > 0 else { throw Malformed("a run without readings") }
            series = series &+ (try reader.signed())
            time = time &+ (try reader.signed())
            columns.series.append(series)
            columns.times.append(time)
            if length > 1 {
                let seriesStep = try reader.signed()
                let timeStep = try reader.signed()
                for _ in 1..<length {
                    series = series &+ seriesStep
                    time = time &+ timeStep
                    columns.series.append(series)
                    columns.times.append(time)
                }
            }
            left -= length
        }
        for _ in 0..<count { columns.values.append(try value(from: &reader)) }
        guard reader.remaining == 0 else { throw Malformed("bytes after the last reading") }
    }

    @inline(__always)
    private static func value(from reader: inout ByteReader) throws(Malformed) -> Double {
        let kind = try reader.byte()
        guard kind & 7 < raw else {
            guard kind == raw else { throw Malformed("an unknown kind of value") }
            return Double(bitPattern: try reader.word())
        }
        var number = UInt64(kind &>> 4)
        if kind & more != 0 { number |= try reader.varint() &<< 4 }
        return Double(unzigzag(number)) / powers[Int(kind & 7)]
    }
}
