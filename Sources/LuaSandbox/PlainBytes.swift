import CLuaGuard
import ScriptProtocol

/// Plain data in the notation of `CLuaGuard`, written.
///
/// How long it will be is reckoned first: memory that grows as it is written costs more than the writing.
struct PlainWriter {
    private let memory: UnsafeMutableRawBufferPointer
    private var next = 0

    static func bytes(of value: ScriptValue) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size(of: value)) { buffer, count in
            var writer = PlainWriter(memory: UnsafeMutableRawBufferPointer(buffer))
            writer.write(value)
            count = writer.next
        }
    }

    private init(memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    private static func size(of value: ScriptValue) -> Int {
        switch value {
        case .null, .bool, .function: 1
        case .integer, .number: 9
        case .string(let text): 5 + text.utf8.count
        case .list(let items): items.reduce(5) { $0 + size(of: $1) }
        case .table(let fields): fields.reduce(5) { $0 + 4 + $1.key.utf8.count + size(of: $1.value) }
        case .numbers(let numbers): 5 + numbers.count * MemoryLayout<Double>.stride
        }
    }

    private mutating func write(_ value: ScriptValue) {
        switch value {
        case .null: tag(GUARD_TAG_NIL)
        case .bool(let flag): tag(flag ? GUARD_TAG_TRUE : GUARD_TAG_FALSE)
        case .integer(let number):
            tag(GUARD_TAG_INTEGER)
            add(number)
        case .number(let number):
            tag(GUARD_TAG_NUMBER)
            add(number)
        case .string(let text):
            tag(GUARD_TAG_TEXT)
            add(text)
        case .list(let items):
            tag(GUARD_TAG_LIST)
            add(count: items.count)
            for item in items { write(item) }
        case .table(let fields):
            tag(GUARD_TAG_TABLE)
            add(count: fields.count)
            for field in fields {
                add(field.key)
                write(field.value)
            }
        case .numbers(let numbers):
            tag(GUARD_TAG_NUMBERS)
            add(count: numbers.count)
            numbers.withUnsafeBytes { copy($0) }
        // A function does not cross into a state.
        case .function: tag(GUARD_TAG_NIL)
        }
    }

    private mutating func tag(_ tag: guard_tag) { add(UInt8(truncatingIfNeeded: tag.rawValue)) }

    private mutating func add(count: Int) { add(UInt32(clamping: count)) }

    private mutating func add(_ text: String) {
        add(count: text.utf8.count)
        let isCopied: Void? = text.utf8.withContiguousStorageIfAvailable { copy(UnsafeRawBufferPointer($0)) }
        if isCopied == nil { for byte in text.utf8 { add(byte) } }
    }

    /// Little-endian as it lies in memory, like every machine that this runs on.
    private mutating func add<T: BitwiseCopyable>(_ number: T) {
        memory.storeBytes(of: number, toByteOffset: next, as: T.self)
        next += MemoryLayout<T>.size
    }

    private mutating func copy(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: memory[next...]).copyMemory(from: bytes)
        next += bytes.count
    }
}

/// Plain data in the notation of `CLuaGuard`, read.
struct PlainReader {
    private let bytes: UnsafeRawBufferPointer
    private var next = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Nil where the bytes say no value. They come from our own C code, so that is a defect; it must not become a trap.
    mutating func read() -> ScriptValue? {
        guard let tag: UInt8 = number() else { return nil }
        switch guard_tag(UInt32(tag)) {
        case GUARD_TAG_NIL: return .null
        case GUARD_TAG_FALSE: return .bool(false)
        case GUARD_TAG_TRUE: return .bool(true)
        case GUARD_TAG_INTEGER: return number().map { .integer($0) }
        case GUARD_TAG_NUMBER: return number().map { .number(Double(bitPattern: $0)) }
        case GUARD_TAG_TEXT: return text().map { .string($0) }
        case GUARD_TAG_FUNCTION: return (number() as UInt32?).map { .function(line: Int($0)) }
        case GUARD_TAG_LIST: return list()
        case GUARD_TAG_TABLE: return table()
        default: return nil
        }
    }

    private mutating func list() -> ScriptValue? {
        guard let count = count() else { return nil }
        var items: [ScriptValue] = []
        items.reserveCapacity(count)
        for _ in 0..<count {
            guard let item = read() else { return nil }
            items.append(item)
        }
        return .list(items)
    }

    private mutating func table() -> ScriptValue? {
        guard let count = count() else { return nil }
        var fields: [ScriptValue.Field] = []
        fields.reserveCapacity(count)
        for _ in 0..<count {
            guard let key = text(), let value = read() else { return nil }
            // Lua knows no field whose value is nil.
            if value != .null { fields.append(ScriptValue.Field(key, value)) }
        }
        return .table(fields)
    }

    /// A count of things that take a byte each, at least.
    private mutating func count() -> Int? {
        guard let count: UInt32 = number(), Int(count) <= bytes.count - next else { return nil }
        return Int(count)
    }

    private mutating func text() -> String? {
        guard let count = count() else { return nil }
        defer { next += count }
        let text = UnsafeRawBufferPointer(rebasing: bytes[next..<next + count])
        return text.withMemoryRebound(to: UInt8.self) { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func number<Number: FixedWidthInteger>() -> Number? {
        let size = MemoryLayout<Number>.size
        guard bytes.count - next >= size else { return nil }
        defer { next += size }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: next, as: Number.self))
    }
}
