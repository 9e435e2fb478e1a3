/// A value as it stands in a frame: checked, but not taken apart, so that of what nobody looks at nothing is made.
///
/// The notation is that of plain data in `CLuaGuard` too, whose tags are these.
package struct EncodedValue: Hashable, Sendable {
    private let bytes: ArraySlice<UInt8>
    /// Where the fields of a table are, counted from its start; nil where that was not noted.
    private let places: [Place]?

    /// A field of a table.
    struct Place: Hashable, Sendable {
        let key: Range<Int>
        let value: Range<Int>
    }

    /// - Parameters:
    ///   - checked: one value that a reader has passed over.
    ///   - places: of its fields, all or none of them.
    init(checked bytes: ArraySlice<UInt8>, places: [Place]? = nil) {
        self.bytes = bytes
        self.places = places
    }

    /// - Throws: what a worker would refuse.
    package init(_ value: ScriptValue, limits: FrameLimits = .toWorker) throws(FrameError) {
        var writer = FrameWriter(limits: limits, capacity: Frame.headerBytes + value.sizeHint())
        try writer.value(value)
        self.init(checked: try writer.finish()[Frame.headerBytes...])
    }

    package static let null = EncodedValue(checked: [ValueTag.null.rawValue])

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
        EncodedValue(checked: bytes[bytes.startIndex + place.lowerBound..<bytes.startIndex + place.upperBound])
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
