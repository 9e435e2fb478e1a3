extension Snappy {
    /// The bytes of `body`, decompressed.
    ///
    /// The size that `body` declares is checked against `limit` before anything is allocated, so a small body cannot claim much memory.
    package static func decode(_ body: UnsafeRawBufferPointer, limit: Int) throws(WireError) -> [UInt8] {
        let (declared, start) = try declaredSize(of: body)
        guard declared <= limit else { throw .tooMuch(.decompressedBytes, found: declared, limit: limit) }
        // An element of three bytes yields at most 64, so a declared size beyond that cannot come true; nothing is allocated for it.
        guard declared <= (body.count - start) * 22 + slack else {
            throw .wrongLength(declared: declared, produced: 0)
        }
        var failure: WireError?
        let bytes = [UInt8](unsafeUninitializedCapacity: declared + slack) { buffer, count in
            do throws(WireError) {
                try expand(body, from: start, into: UnsafeMutableRawBufferPointer(buffer), declared: declared)
                count = declared
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    package static func decode(_ body: [UInt8], limit: Int) throws(WireError) -> [UInt8] {
        let result = body.withUnsafeBytes { bytes in
            Result { () throws(WireError) in try decode(bytes, limit: limit) }
        }
        return try result.get()
    }

    /// The declared size and where the elements start.
    private static func declaredSize(of body: UnsafeRawBufferPointer) throws(WireError) -> (size: Int, start: Int) {
        var size = 0
        for at in 0..<5 {
            guard at < body.count else { throw .truncated(at: at) }
            let byte = Int(body[at])
            guard at < 4 || byte < 16 else { break }
            size |= (byte & 127) << (7 * at)
            if byte < 128 { return (size, at + 1) }
        }
        throw .oversizedNumber(at: 0)
    }

    /// Runs the elements. `output` holds `declared + slack` bytes, of which the first `declared` are written in full or an error is thrown.
    ///
    /// Every element is checked against both ends before it moves a byte; then it moves whole words, which may pass its own end but not the slack.
    private static func expand(
        _ body: UnsafeRawBufferPointer,
        from start: Int,
        into output: UnsafeMutableRawBufferPointer,
        declared: Int
    ) throws(WireError) {
        guard declared > 0 else {
            guard start == body.count else { throw .wrongLength(declared: 0, produced: body.count - start) }
            return
        }
        guard let source = body.baseAddress, let target = output.baseAddress else { throw .truncated(at: start) }
        let end = body.count
        var at = start
        var written = 0
        while at < end {
            let tag = Int(source.load(fromByteOffset: at, as: UInt8.self))
            at += 1
            if tag & 3 == 0 {
                var length = tag >> 2 + 1
                if length > 60 {
                    let bytes = length - 60
                    guard end - at >= bytes else { throw .truncated(at: at) }
                    length = 1
                    for index in 0..<bytes {
                        length += Int(source.load(fromByteOffset: at + index, as: UInt8.self)) << (8 * index)
                    }
                    at += bytes
                }
                guard length <= declared - written else {
                    throw .wrongLength(declared: declared, produced: written + length)
                }
                guard length <= end - at else { throw .truncated(at: at) }
                if length <= 16, end - at >= 16 {
                    copy16(source + at, target + written)
                } else {
                    (target + written).copyMemory(from: source + at, byteCount: length)
                }
                at += length
                written += length
            } else {
                let width = tag & 3 == 3 ? 4 : tag & 3
                guard end - at >= width else { throw .truncated(at: at) }
                let length: Int
                let offset: Int
                switch width {
                case 1:
                    length = (tag >> 2) & 7 + 4
                    offset = (tag >> 5) << 8 | Int(source.load(fromByteOffset: at, as: UInt8.self))
                case 2:
                    length = tag >> 2 + 1
                    offset = Int(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: at, as: UInt16.self)))
                default:
                    length = tag >> 2 + 1
                    offset = Int(UInt32(littleEndian: source.loadUnaligned(fromByteOffset: at, as: UInt32.self)))
                }
                at += width
                guard offset > 0, offset <= written else { throw .copyBeforeStart(at: at - width - 1) }
                guard length <= declared - written else {
                    throw .wrongLength(declared: declared, produced: written + length)
                }
                repeatBytes(target + written, offset: offset, length: length)
                written += length
            }
        }
        guard written == declared else { throw .wrongLength(declared: declared, produced: written) }
    }

    /// Writes `length` (at most 64) bytes at `target`, taken from `offset` bytes before it.
    @inline(__always)
    private static func repeatBytes(_ target: UnsafeMutableRawPointer, offset: Int, length: Int) {
        var to = target
        if offset >= 16 {
            var left = length
            repeat {
                copy16(to - offset, to)
                to += 16
                left -= 16
            } while left > 0
            return
        }
        // The pattern is written once more with each step, which doubles its length until a whole word of it lies behind.
        let end = target + length
        let from = target - offset
        while to < end, to - from < 8 {
            copy8(from, to)
            to += to - from
        }
        var source = UnsafeRawPointer(from)
        while to < end {
            copy8(source, to)
            to += 8
            source += 8
        }
    }

    @inline(__always)
    private static func copy8(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer) {
        to.storeBytes(of: from.loadUnaligned(as: UInt64.self), as: UInt64.self)
    }

    @inline(__always)
    private static func copy16(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer) {
        to.storeBytes(of: from.loadUnaligned(as: SIMD2<UInt64>.self), as: SIMD2<UInt64>.self)
    }
}
