/// A value as it stands in a frame: checked, but not taken apart, so that of what nobody looks at nothing is made.
///
/// The notation is that of plain data in `CLuaGuard` too, whose tags are these.
package struct EncodedValue: Hashable, Sendable {
    private let bytes: ArraySlice<UInt8>
    /// Where its fields or items are, counted from its start; nil where that was not noted.
    private let places: [Place]?
    /// How many values it is; of a part, how many there are in the whole.
    let nodes: Int

    /// A field that is encoded.
    package struct Field: Hashable, Sendable {
        package let key: String
        package let value: EncodedValue

        /// - Throws: what a worker would refuse in a field of an input.
        package init(_ key: String, _ value: ScriptValue) throws(FrameError) {
            var limits = FrameLimits.toWorker
            limits.depth -= 1
            self.key = key
            self.value = try EncodedValue(value, limits: limits)
        }
    }

    /// Where a field of a table or an item of a list is.
    struct Place: Hashable, Sendable {
        /// Of an item, nil.
        let key: Range<Int>?
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
    ///   - value: a table, sorted by key, if there are other fields.
    ///   - fields: further fields of it that are encoded already, sorted as well.
    ///   - limits: of the frame that it is for.
    /// - Throws: what a worker would refuse.
    package init(
        _ value: ScriptValue,
        with fields: [Field] = [],
        limits: FrameLimits = .toWorker
    ) throws(FrameError) {
        let size = fields.reduce(value.sizeHint()) { $0 + 4 + $1.key.utf8.count + $1.value.byteCount }
        var writer = FrameWriter(limits: limits, capacity: Frame.headerBytes + size)
        if fields.isEmpty { try writer.value(value) } else { try writer.table(value, with: fields) }
        let nodes = writer.nodes
        self.init(checked: try writer.finish()[Frame.headerBytes...], nodes: nodes)
    }

    package static let null = EncodedValue(checked: [ValueTag.null.rawValue], nodes: 1)

    package var byteCount: Int { bytes.count }

    package func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T { bytes.withUnsafeBytes(body) }

    /// The field of a table; nil where this is none, or has no such field.
    package subscript(_ key: String) -> EncodedValue? {
        let places = noted
        let place = withUnsafeBytes { bytes in
            places.first { place in
                guard let found = place.key else { return false }
                return UnsafeRawBufferPointer(rebasing: bytes[found]).elementsEqual(key.utf8)
            }
        }
        return place.map { part($0.value) }
    }

    /// The items of a list; none where this is no list.
    package var items: [EncodedValue] { noted.filter { $0.key == nil }.map { part($0.value) } }

    private var noted: [Place] { places ?? read { reader throws(FrameError) in try reader.places() } ?? [] }

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
