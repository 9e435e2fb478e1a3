/// A run of readings of one series, compressed.
///
///     byte      format, 1
///     varint    number of readings, 1 … 65,536
///     column    their times (`IntegerColumn`), strictly ascending
///     column    their values (`ValueColumn`)
///     4 bytes   CRC-32 of all before, little-endian
///
/// Decoding costs memory for the number of readings that the chunk names, at most 1 MiB, whatever the bytes say; bytes that no
/// encoder wrote are an error, never a trap.
enum Chunk {
    /// Readings that a full chunk holds: long enough that the header is nothing, short enough that reading one value is cheap.
    static let fullCount = 1024
    static let maximumCount = 1 << 16
    private static let format: UInt8 = 1

    /// `times` and `values` are of equal length, 1 … `maximumCount`; the times ascend strictly.
    static func encode(times: UnsafeBufferPointer<Int64>, values: UnsafeBufferPointer<Double>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32 + times.count * 3)
        bytes.append(format)
        bytes.append(varint: UInt64(times.count))
        IntegerColumn.encode(times, into: &bytes)
        ValueColumn.encode(values, into: &bytes)
        Checksum.seal(&bytes)
        return bytes
    }

    static func decode(_ sealed: UnsafeRawBufferPointer) throws(Malformed) -> Samples {
        try decodeBody(try Checksum.open(sealed))
    }

    /// What `decode` does after the checksum was found right.
    static func decodeBody(_ body: UnsafeRawBufferPointer) throws(Malformed) -> Samples {
        var reader = ByteReader(body)
        guard try reader.byte() == format else { throw Malformed("an unknown format of chunk") }
        let count = try reader.count(atMost: maximumCount)
        guard count > 0 else { throw Malformed("a chunk without readings") }
        let times = try column(of: count) { buffer throws(Malformed) in
            try IntegerColumn.decode(into: buffer, from: &reader)
        }
        let values = try column(of: count) { buffer throws(Malformed) in
            try ValueColumn.decode(into: buffer, from: &reader)
        }
        guard reader.remaining == 0 else { throw Malformed("bytes after the last value") }
        for index in times.indices.dropFirst() where times[index] <= times[index - 1] {
            throw Malformed("times that do not ascend")
        }
        return Samples(times: times, values: values)
    }

    private static func column<Element: ExpressibleByIntegerLiteral>(
        of count: Int,
        _ fill: (UnsafeMutableBufferPointer<Element>) throws(Malformed) -> Void
    ) throws(Malformed) -> [Element] {
        var failure: Malformed?
        let column = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            // A decoder that fails leaves the rest unwritten.
            buffer.initialize(repeating: 0)
            initialized = count
            do throws(Malformed) {
                try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return column
    }
}
