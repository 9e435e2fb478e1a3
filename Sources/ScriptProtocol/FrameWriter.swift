/// Appends the parts of a frame; refuses what the other side would refuse.
struct FrameWriter {
    /// Filled up to `end`, zeros behind it: stores into what is there cost a fraction of what appending does.
    private var bytes: [UInt8]
    private var end = Frame.headerBytes
    private let limits: FrameLimits
    private(set) var nodes = 0

    init(limits: FrameLimits, capacity: Int) {
        self.limits = limits
        bytes = [UInt8](repeating: 0, count: max(64, capacity))
    }

    private var offset: Int { end - Frame.headerBytes }

    /// The whole frame, its length filled in.
    consuming func finish() throws(FrameError) -> [UInt8] {
        let length = offset
        guard length <= limits.frameBytes, length <= Int(UInt32.max) else { throw FrameError(.tooLarge, at: length) }
        for i in 0..<Frame.headerBytes { bytes[i] = UInt8(truncatingIfNeeded: length >> (8 * i)) }
        bytes.removeLast(bytes.count - end)
        return bytes
    }

    mutating func byte(_ value: UInt8) { raw(value) }

    mutating func flag(_ value: Bool) { byte(value ? 1 : 0) }

    private mutating func makeRoom(_ count: Int) {
        guard count > bytes.count - end else { return }
        bytes.append(contentsOf: repeatElement(0, count: max(count, bytes.count)))
    }

    private mutating func raw<T: BitwiseCopyable>(_ value: T) {
        makeRoom(MemoryLayout<T>.size)
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: value, toByteOffset: end, as: T.self) }
        end += MemoryLayout<T>.size
    }

    private mutating func copy(_ source: UnsafeRawBufferPointer) {
        makeRoom(source.count)
        bytes.withUnsafeMutableBytes { UnsafeMutableRawBufferPointer(rebasing: $0[end...]).copyMemory(from: source) }
        end += source.count
    }

    mutating func count(_ value: Int) throws(FrameError) {
        guard let value = UInt32(exactly: value) else { throw FrameError(.outOfRange, at: offset) }
        raw(value)
    }

    mutating func number(_ value: UInt32) { raw(value) }

    mutating func integer(_ value: Int64) { raw(value) }

    /// What is never below zero: limits and usages.
    mutating func amount(_ value: Int64) throws(FrameError) {
        guard value >= 0 else { throw FrameError(.outOfRange, at: offset) }
        raw(value)
    }

    mutating func text(_ value: String) throws(FrameError) {
        let length = value.utf8.count
        try room(for: length)
        try count(length)
        let isCopied: Void? = value.utf8.withContiguousStorageIfAvailable { copy(UnsafeRawBufferPointer($0)) }
        if isCopied == nil { for unit in value.utf8 { byte(unit) } }
    }

    mutating func blob(_ value: [UInt8]) throws(FrameError) {
        try room(for: value.count)
        try count(value.count)
        value.withUnsafeBytes { copy($0) }
    }

    /// A value that is written already.
    mutating func encoded(_ value: EncodedValue) throws(FrameError) {
        try room(for: value.byteCount)
        guard value.nodes <= limits.nodes - nodes else { throw FrameError(.tooManyNodes, at: offset) }
        nodes += value.nodes
        value.withUnsafeBytes { copy($0) }
    }

    mutating func node() throws(FrameError) {
        nodes += 1
        guard nodes <= limits.nodes else { throw FrameError(.tooManyNodes, at: offset) }
    }

    mutating func value(_ value: ScriptValue, depth: Int = 0) throws(FrameError) {
        try node()
        guard depth <= limits.depth else { throw FrameError(.tooDeep, at: offset) }
        switch value {
        case .null: tag(.null)
        case .bool(let flag): tag(flag ? .yes : .no)
        case .integer(let number):
            tag(.integer)
            raw(number)
        case .number(let number):
            guard number.isFinite else { throw FrameError(.notFinite, at: offset) }
            tag(.number)
            raw(number)
        case .string(let string):
            tag(.string)
            try text(string)
        case .list(let items):
            tag(.list)
            try count(items.count)
            for item in items { try self.value(item, depth: depth + 1) }
        case .table(let fields):
            tag(.table)
            try table(fields, depth: depth)
        case .numbers(let numbers):
            try room(for: numbers.count * MemoryLayout<Double>.stride)
            tag(.numbers)
            try count(numbers.count)
            numbers.withUnsafeBytes { copy($0) }
        case .function(let line):
            tag(.function)
            try count(line)
        }
    }

    private mutating func table(_ fields: [ScriptValue.Field], depth: Int) throws(FrameError) {
        // Who builds tables sorts them; whoever forgot still gets the one frame that stands for this table.
        var fields = fields
        if !Self.ascending(fields) {
            fields.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            guard Self.ascending(fields) else { throw FrameError(.keyOrder, at: offset) }
        }
        try count(fields.count)
        for field in fields {
            try text(field.key)
            try value(field.value, depth: depth + 1)
        }
    }

    /// A table with some more fields than it has.
    ///
    /// - Parameter more: sorted by key, as the fields of the table are.
    mutating func table(_ value: ScriptValue, with more: [EncodedValue.Field]) throws(FrameError) {
        guard case .table(let fields) = value else { throw FrameError(.unknownValue, at: offset) }
        try node()
        tag(.table)
        try count(fields.count + more.count)
        var last: String?
        var rest = more[...]
        for field in fields {
            while let next = rest.first, Self.precedes(next.key, field.key) {
                try key(next.key, after: &last)
                try encoded(next.value)
                rest.removeFirst()
            }
            try key(field.key, after: &last)
            try self.value(field.value, depth: 1)
        }
        for field in rest {
            try key(field.key, after: &last)
            try encoded(field.value)
        }
    }

    private mutating func key(_ key: String, after last: inout String?) throws(FrameError) {
        if let last, !Self.precedes(last, key) { throw FrameError(.keyOrder, at: offset) }
        last = key
        try text(key)
    }

    private static func ascending(_ fields: [ScriptValue.Field]) -> Bool {
        for i in fields.indices.dropFirst() where !precedes(fields[i - 1].key, fields[i].key) { return false }
        return true
    }

    private static func precedes(_ first: String, _ second: String) -> Bool {
        let answer = first.utf8.withContiguousStorageIfAvailable { first in
            second.utf8.withContiguousStorageIfAvailable { second in
                FrameReader.precedes(UnsafeRawBufferPointer(first), UnsafeRawBufferPointer(second))
            }
        }
        return (answer ?? nil) ?? first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    private mutating func tag(_ tag: ValueTag) { byte(tag.rawValue) }

    /// Refuses before the copy what could not be sent after it.
    private func room(for length: Int) throws(FrameError) {
        guard length <= limits.frameBytes - offset else { throw FrameError(.tooLarge, at: offset) }
    }
}
