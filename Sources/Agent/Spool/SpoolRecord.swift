/// One batch in the spool: the body of a remote-write request.
///
/// On disk, all numbers little-endian:
/// ```
/// 4 bytes   "TRS1"
/// 4         CRC-32 of everything behind it
/// 8         sequence number, one more than the record before
/// 4         samples in the batch
/// 4         length of the body
/// …         body
/// ```
package struct SpoolRecord: Hashable, Sendable {
    package var sequence: UInt64
    package var samples: Int
    package var body: [UInt8]

    static let headBytes = 24
    private static let magic: UInt32 = 0x3153_5254

    /// What `SpoolRecord` reads from a head, before the body is there.
    struct Head {
        var checksum: UInt32
        var sequence: UInt64
        var samples: Int
        var bodyBytes: Int

        /// Nil where `bytes` do not begin as a record does.
        init?(_ bytes: [UInt8]) {
            guard bytes.count >= SpoolRecord.headBytes, SpoolRecord.number(bytes, 0, 4) == UInt64(SpoolRecord.magic)
            else {
                return nil
            }
            checksum = UInt32(truncatingIfNeeded: SpoolRecord.number(bytes, 4, 4))
            sequence = SpoolRecord.number(bytes, 8, 8)
            samples = Int(SpoolRecord.number(bytes, 16, 4))
            bodyBytes = Int(SpoolRecord.number(bytes, 20, 4))
        }
    }

    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headBytes + body.count)
        Self.append(UInt64(Self.magic), 4, to: &bytes)
        Self.append(0, 4, to: &bytes)
        Self.append(sequence, 8, to: &bytes)
        Self.append(UInt64(samples), 4, to: &bytes)
        Self.append(UInt64(body.count), 4, to: &bytes)
        bytes.append(contentsOf: body)
        let checksum = CRC32.checksum(bytes[8...])
        for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index)) }
        return bytes
    }

    /// The record that `bytes` are; nil where they are not exactly one, undamaged.
    init?(encoded bytes: [UInt8]) {
        guard let head = Head(bytes), bytes.count == Self.headBytes + head.bodyBytes,
            CRC32.checksum(bytes[8...]) == head.checksum
        else { return nil }
        sequence = head.sequence
        samples = head.samples
        body = Array(bytes[Self.headBytes...])
    }

    package init(sequence: UInt64, samples: Int, body: [UInt8]) {
        self.sequence = sequence
        self.samples = samples
        self.body = body
    }

    static func append(_ value: UInt64, _ width: Int, to bytes: inout [UInt8]) {
        for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }

    static func number(_ bytes: [UInt8], _ at: Int, _ width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
    }
}
