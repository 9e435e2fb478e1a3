import Glibc

/// Reads the parts of a payload; every access is checked against its end, and nothing is allocated that the payload could not fill.
struct FrameReader {
    let bytes: UnsafeRawBufferPointer
    private let limits: FrameLimits
    private(set) var offset = 0
    private(set) var nodes = 0

    init(_ bytes: UnsafeRawBufferPointer, limits: FrameLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    func failure(_ code: FrameError.Code) -> FrameError { FrameError(code, at: offset) }

    func finish() throws(FrameError) {
        guard offset == bytes.count else { throw failure(.trailingBytes) }
    }

    @inline(__always)
    mutating func take(_ length: Int) throws(FrameError) -> UnsafeRawBufferPointer {
        guard length <= bytes.count - offset else { throw failure(.cutOff) }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
    }

    @inline(__always)
    mutating func raw<T: BitwiseCopyable>(_ type: T.Type) throws(FrameError) -> T {
        try take(MemoryLayout<T>.size).loadUnaligned(as: T.self)
    }

    @inline(__always)
    mutating func byte() throws(FrameError) -> UInt8 { try raw(UInt8.self) }

    mutating func flag() throws(FrameError) -> Bool {
        let value = try byte()
        guard value <= 1 else { throw failure(.unknownValue) }
        return value == 1
    }

    mutating func number() throws(FrameError) -> UInt32 { try raw(UInt32.self) }

    @inline(__always)
    mutating func count() throws(FrameError) -> Int { Int(try number()) }

    /// How many parts follow, each of at least `size` bytes.
    mutating func count(ofAtLeast size: Int) throws(FrameError) -> Int {
        let count = try count()
        guard count <= (bytes.count - offset) / size else { throw failure(.cutOff) }
        guard count <= limits.nodes - nodes else { throw failure(.tooManyNodes) }
        return count
    }

    mutating func integer() throws(FrameError) -> Int64 { try raw(Int64.self) }

    mutating func amount() throws(FrameError) -> Int64 {
        let value = try integer()
        guard value >= 0 else { throw failure(.outOfRange) }
        return value
    }

    mutating func text() throws(FrameError) -> String {
        try string(try take(try count()))
    }

    mutating func blob() throws(FrameError) -> [UInt8] { Array(try take(try count())) }

    @inline(__always)
    mutating func node() throws(FrameError) {
        nodes += 1
        guard nodes <= limits.nodes else { throw failure(.tooManyNodes) }
    }

    func check(depth: Int) throws(FrameError) {
        guard depth <= limits.depth else { throw failure(.tooDeep) }
    }

    mutating func value(depth: Int = 0) throws(FrameError) -> ScriptValue {
        try node()
        try check(depth: depth)
        guard let tag = ValueTag(rawValue: try byte()) else { throw failure(.unknownValue) }
        switch tag {
        case .null: return .null
        case .no: return .bool(false)
        case .yes: return .bool(true)
        case .integer: return .integer(try integer())
        case .number:
            let number = try raw(Double.self)
            guard number.isFinite else { throw failure(.notFinite) }
            return .number(number)
        case .string: return .string(try text())
        case .list:
            let count = try count(ofAtLeast: 1)
            var items: [ScriptValue] = []
            items.reserveCapacity(count)
            for _ in 0..<count { items.append(try value(depth: depth + 1)) }
            return .list(items)
        case .table: return try table(depth: depth)
        case .numbers: return .numbers(try numbers())
        case .function: return .function(line: try count())
        }
    }

    private mutating func table(depth: Int) throws(FrameError) -> ScriptValue {
        let count = try count(ofAtLeast: MemoryLayout<UInt32>.size + 1)
        var fields: [ScriptValue.Field] = []
        fields.reserveCapacity(count)
        var keys = KeyOrder()
        for _ in 0..<count {
            let key = try key(&keys)
            fields.append(ScriptValue.Field(key, try value(depth: depth + 1)))
        }
        return .table(fields)
    }

    mutating func samples() throws(FrameError) -> (bytes: UnsafeRawBufferPointer, count: Int) {
        let count = try count()
        guard count <= (bytes.count - offset) / MemoryLayout<Double>.stride else { throw failure(.cutOff) }
        return (try take(count * MemoryLayout<Double>.stride), count)
    }

    private mutating func numbers() throws(FrameError) -> [Double] {
        let (source, count) = try samples()
        return [Double](unsafeUninitializedCapacity: count) { numbers, initialized in
            UnsafeMutableRawBufferPointer(numbers).copyMemory(from: source)
            initialized = count
        }
    }

    /// The bytes of the key before.
    struct KeyOrder {
        fileprivate var last: UnsafeRawBufferPointer?
    }

    /// A text that comes after the one before it, bytewise.
    mutating func key(_ order: inout KeyOrder) throws(FrameError) -> String {
        try string(try keyBytes(&order))
    }

    mutating func keyBytes(_ order: inout KeyOrder) throws(FrameError) -> UnsafeRawBufferPointer {
        let key = try take(try count())
        if let last = order.last, !Self.precedes(last, key) { throw failure(.keyOrder) }
        order.last = key
        return key
    }

    /// Bytewise.
    static func precedes(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
        guard let one = first.baseAddress, let other = second.baseAddress else { return first.count < second.count }
        let order = memcmp(one, other, min(first.count, second.count))
        return order == 0 ? first.count < second.count : order < 0
    }

    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var all: UInt64 = 0
        var i = 0
        while i + 8 <= bytes.count {
            all |= bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
            i += 8
        }
        while i < bytes.count {
            all |= UInt64(bytes[i])
            i += 1
        }
        return all & 0x8080_8080_8080_8080 == 0
    }

    /// Whether it is a text.
    func check(_ bytes: UnsafeRawBufferPointer) throws(FrameError) {
        if !Self.isASCII(bytes) { _ = try string(bytes) }
    }

    private func string(_ bytes: UnsafeRawBufferPointer) throws(FrameError) -> String {
        // Nearly every text is ASCII, for which the general way takes ten times as long.
        if Self.isASCII(bytes) {
            return bytes.withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure(.notText) }
        return text
    }
}
