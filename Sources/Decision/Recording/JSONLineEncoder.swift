/// Encodes a value as one line of JSON, straight into bytes.
///
/// A backtest writes a decision with its whole trace for every step, a hundred thousand of them. Foundation's encoder builds a tree
/// of boxed values first and takes most of such a run; this one writes as it is told. Keys come in the order in which a type
/// encodes them, which for synthesised conformances is that of its declaration: equal values give equal bytes.
/// Numbers are the shortest that read back as the same (Swift's `description`); NaN and infinities are the strings `"nan"`,
/// `"inf"`, `"-inf"`. Nil values that a type encodes are `null`.
///
/// Written for types whose `encode(to:)` finishes a nested container before it goes on with the one around it, as all synthesised
/// ones do.
package struct JSONLineEncoder {
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let sink = JSONSink()
        sink.reserve(4096)
        try sink.write(value)
        return sink.finish()
    }
}

/// The bytes so far, and which containers are open.
private final class JSONSink {
    enum Closing: UInt8 {
        case object = 0x7D
        case array = 0x5D
    }

    // Nothing outside of these methods ever holds on to these two while one runs, so there is nothing for the run-time check of
    // exclusive access to find; it took a third of the time to write a log.
    @exclusivity(unchecked) private(set) var bytes: [UInt8] = []
    @exclusivity(unchecked) private var open: [(closing: Closing, isEmpty: Bool)] = []

    var depth: Int { open.count }

    func finish() -> [UInt8] {
        close(to: 0)
        return bytes
    }

    func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    func begin(_ closing: Closing) {
        bytes.append(closing == .object ? UInt8(ascii: "{") : UInt8(ascii: "["))
        open.append((closing, true))
    }

    /// Closes all containers that are deeper than `depth`.
    func close(to depth: Int) {
        while open.count > depth, let last = open.popLast() { bytes.append(last.closing.rawValue) }
    }

    /// Begins the next element of the container at `depth`.
    func next(at depth: Int) {
        close(to: depth)
        guard let last = open.indices.last else { return }
        if !open[last].isEmpty { bytes.append(UInt8(ascii: ",")) }
        open[last].isEmpty = false
    }

    func key(_ key: String, at depth: Int) {
        next(at: depth)
        string(key)
        bytes.append(UInt8(ascii: ":"))
    }

    func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    func number(_ value: Double) {
        if value.isFinite {
            // 42.0 is written 42: shorter, and the same number.
            let whole = value.rounded(.towardZero)
            if whole == value, abs(value) < 1e15, !(value == 0 && value.sign == .minus) {
                raw(String(Int64(whole)))
            } else {
                raw(value.description)
            }
        } else {
            string(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
        }
    }

    func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        let plain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard !plain else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                raw("\\u00")
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
    }

    func write<T: Encodable>(_ value: T) throws {
        // Comparing types first is cheap; asking every value whether it is a string is not.
        if T.self == String.self, let value = value as? String {
            string(value)
        } else if T.self == Int.self, let value = value as? Int {
            raw(String(value))
        } else if T.self == Double.self, let value = value as? Double {
            number(value)
        } else if T.self == Bool.self, let value = value as? Bool {
            raw(value ? "true" : "false")
        } else {
            let before = bytes.count
            let depth = open.count
            try value.encode(to: JSONValueEncoder(sink: self))
            close(to: depth)
            // A value that encodes nothing at all, such as an empty enum payload.
            if bytes.count == before { raw("{}") }
        }
    }
}

private struct JSONValueEncoder: Encoder {
    let sink: JSONSink
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        sink.begin(.object)
        return KeyedEncodingContainer(JSONObject<Key>(sink: sink, depth: sink.depth))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        sink.begin(.array)
        return JSONArray(sink: sink, depth: sink.depth)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingle(sink: sink)
    }
}

private struct JSONObject<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let sink: JSONSink
    let depth: Int
    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) {
        sink.key(key.stringValue, at: depth)
        sink.raw("null")
    }

    func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
        sink.key(key.stringValue, at: depth)
        try sink.write(value)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy keyType: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        sink.key(key.stringValue, at: depth)
        return JSONValueEncoder(sink: sink).container(keyedBy: keyType)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        sink.key(key.stringValue, at: depth)
        return JSONValueEncoder(sink: sink).unkeyedContainer()
    }

    func superEncoder() -> any Encoder {
        sink.key("super", at: depth)
        return JSONValueEncoder(sink: sink)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        sink.key(key.stringValue, at: depth)
        return JSONValueEncoder(sink: sink)
    }
}

private struct JSONArray: UnkeyedEncodingContainer {
    let sink: JSONSink
    let depth: Int
    var count = 0
    var codingPath: [any CodingKey] { [] }

    init(sink: JSONSink, depth: Int) {
        self.sink = sink
        self.depth = depth
    }

    private mutating func next() {
        sink.next(at: depth)
        count += 1
    }

    mutating func encodeNil() {
        next()
        sink.raw("null")
    }

    mutating func encode<T: Encodable>(_ value: T) throws {
        next()
        try sink.write(value)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy keyType: Nested.Type) -> KeyedEncodingContainer<Nested> {
        next()
        return JSONValueEncoder(sink: sink).container(keyedBy: keyType)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        next()
        return JSONValueEncoder(sink: sink).unkeyedContainer()
    }

    mutating func superEncoder() -> any Encoder {
        next()
        return JSONValueEncoder(sink: sink)
    }
}

private struct JSONSingle: SingleValueEncodingContainer {
    let sink: JSONSink
    var codingPath: [any CodingKey] { [] }

    func encodeNil() { sink.raw("null") }
    func encode(_ value: Bool) { sink.raw(value ? "true" : "false") }
    func encode(_ value: String) { sink.string(value) }
    func encode(_ value: Double) { sink.number(value) }
    func encode(_ value: Float) {
        if value.isFinite { sink.raw(value.description) } else { sink.number(Double(value)) }
    }
    func encode(_ value: Int) { sink.raw(String(value)) }
    func encode(_ value: Int8) { sink.raw(String(value)) }
    func encode(_ value: Int16) { sink.raw(String(value)) }
    func encode(_ value: Int32) { sink.raw(String(value)) }
    func encode(_ value: Int64) { sink.raw(String(value)) }
    func encode(_ value: UInt) { sink.raw(String(value)) }
    func encode(_ value: UInt8) { sink.raw(String(value)) }
    func encode(_ value: UInt16) { sink.raw(String(value)) }
    func encode(_ value: UInt32) { sink.raw(String(value)) }
    func encode(_ value: UInt64) { sink.raw(String(value)) }
    func encode<T: Encodable>(_ value: T) throws { try sink.write(value) }
}
