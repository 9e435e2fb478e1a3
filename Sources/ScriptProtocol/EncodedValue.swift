/// A value as it stands in a frame: checked, but not taken apart, so that of what nobody looks at nothing is made.
///
/// The notation is that of plain data in `CLuaGuard` too, whose tags are these.
package struct EncodedValue: Hashable, Sendable {
    private let bytes: ArraySlice<UInt8>
    /// Where the fields of a table are, counted from its start; nil where that was not noted.
    private let places: [Place]?
    /// How many values it is; of a part, how many there are in the whole.
    let nodes: Int

    /// A field that is encoded.
    package struct Field: Hashable, Sendable {
        package let key: String
        package let value: EncodedValue

        package init(_ key: String, _ value: EncodedValue) {
            self.key = key
            self.value = value
        }
    }

    /// Where a field of a table is.
    struct Place: Hashable, Sendable {
        let key: Range<Int>
        let value: Range<Int>
    }

    /// - Parameters:
    ///   - checked: one value that a reader has passed over.
    ///   - nodes: how many values it is, at most.
    ///   - places: of its fields, all or none of them.
    init(checked bytes: ArraySlice<UInt8>, nodes: Int, places: [Place]? = nil) {
        self.bytes = bytes
        self.nodes = nodes
        self.places = places
    }

    /// - Parameters:
    ///   - value: a table, if there are other fields.
    ///   - fields: further fields of it that are encoded already, sorted by key.
    ///   - limits: of the frame that it is for.
    /// - Throws: what a worker would refuse.
    package init(
        _ value: ScriptValue,
        with fields: [Field] = [],
        limits: FrameLimits = .toWorker
    ) throws(FrameError) {
        let size = fields.reduce(value.sizeHint()) { $0 + 4 + $1.key.utf8.count + $1.value.count }
        var writer = FrameWriter(limits: limits, capacity: Frame.headerBytes + size)
        if fields.isEmpty { try writer.value(value) } else { try writer.table(value, with: fields) }
        let nodes = writer.nodes
        self.init(checked: try writer.finish()[Frame.headerBytes...], nodes: nodes)
    }

    package static let null = EncodedValue(checked: [ValueTag.null.rawValue], nodes: 1)

    package var count: Int { bytes.count }

    package func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T { bytes.withUnsafeBytes(body) }

    /// The field of a table; nil where this is none, or has no such field.
    package subscript(_ key: String) -> EncodedValue? {
        let places = places ?? read { reader throws(FrameError) in try reader.places() } ?? []
        let place = withUnsafeBytes { bytes in
            places.first { UnsafeRawBufferPointer(rebasing: bytes[$0.key]).elementsEqual(key.utf8) }
        }
        return place.map { part($0.value) }
    }

    /// The items of a list; none where this is no list.
    package var items: [EncodedValue] {
        let places = read { reader throws(FrameError) in try reader.items() } ?? []
        return places.map { part($0) }
    }

    private func part(_ place: Range<Int>) -> EncodedValue {
        let start = bytes.startIndex
        return EncodedValue(checked: bytes[start + place.lowerBound..<start + place.upperBound], nodes: nodes)
    }

    /// The value taken apart.
    package var decoded: ScriptValue { read { reader throws(FrameError) in try reader.value() } ?? .null }

    /// What was checked can be read: nil is never answered.
    private func read<T>(_ body: (inout FrameReader) throws(FrameError) -> T) -> T? {
        withUnsafeBytes { bytes in
            var reader = FrameReader(bytes, limits: .toWorker)
            do throws(FrameError) { return try body(&reader) } catch { return nil }
        }
    }

    package static func == (first: EncodedValue, second: EncodedValue) -> Bool { first.bytes == second.bytes }

    package func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}
