/// The labels of one series as they lie in a request: the run of its `Label` fields, keys and lengths included.
///
/// Two blocks of the same bytes have the same labels, so a receiver can look a series up without making a string of it (`LabelBlockIndex`).
/// The reverse does not hold: a sender may order or encode the same labels in another way. What a block means is what `decoded` says.
/// A block is valid as long as the bytes it was read from.
package struct LabelBlock: Hashable {
    package let bytes: UnsafeRawBufferPointer
    let limits: WireLimits

    package init(bytes: UnsafeRawBufferPointer, limits: WireLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    package static func == (left: LabelBlock, right: LabelBlock) -> Bool {
        left.bytes.count == right.bytes.count && left.bytes.elementsEqual(right.bytes)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: bytes)
    }

    /// The labels, ordered by name. Checks what a walk over the request leaves open: UTF-8, empty names, names that occur twice.
    ///
    /// A label with an empty value is no label in Prometheus' model and is left out.
    package func decoded() throws(WireError) -> [WireLabel] {
        var cursor = ProtobufCursor(bytes, 0..<bytes.count)
        var labels: [WireLabel] = []
        while !cursor.isAtEnd {
            let start = cursor.at
            let (field, type) = try cursor.key()
            let content = try cursor.delimited(field: field, type: type, from: start)
            let parts = try LabelParts(bytes, content, limits)
            guard let name = String(validating: bytes[parts.name], as: UTF8.self),
                let value = String(validating: bytes[parts.value], as: UTF8.self)
            else { throw .notUTF8(at: start) }
            guard !name.isEmpty else { throw .emptyLabelName(at: start) }
            if !value.isEmpty { labels.append(WireLabel(name: name, value: value)) }
        }
        labels.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (label, next) in zip(labels, labels.dropFirst()) where label.name.utf8.elementsEqual(next.name.utf8) {
            throw .labelTwice(name: label.name)
        }
        return labels
    }
}

/// Where name and value of one label lie.
struct LabelParts {
    var name = 0..<0
    var value = 0..<0

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, _ content: Range<Int>, _ limits: WireLimits) throws(WireError) {
        var cursor = ProtobufCursor(bytes, content)
        while !cursor.isAtEnd {
            let start = cursor.at
            let (field, type) = try cursor.key()
            switch field {
            case 1: name = try cursor.delimited(field: field, type: type, from: start)
            case 2: value = try cursor.delimited(field: field, type: type, from: start)
            default: try cursor.skip(field: field, type: type, from: start)
            }
        }
        guard name.count <= limits.labelNameBytes else {
            throw .tooMuch(.labelName, found: name.count, limit: limits.labelNameBytes)
        }
        guard value.count <= limits.labelValueBytes else {
            throw .tooMuch(.labelValue, found: value.count, limit: limits.labelValueBytes)
        }
    }
}

extension ProtobufCursor {
    /// Passes over the label that begins here, if it has the form that nearly all have: name, value, lengths of one byte, within the limits.
    ///
    /// Anything else leaves the cursor where it is and is read field by field.
    @inline(__always)
    mutating func passUsualLabel(_ limits: WireLimits) -> Bool {
        guard end - at >= 6, bytes.load(fromByteOffset: at, as: UInt8.self) == 0x0A,
            bytes.load(fromByteOffset: at + 2, as: UInt8.self) == 0x0A
        else { return false }
        let label = Int(bytes.load(fromByteOffset: at + 1, as: UInt8.self))
        let name = Int(bytes.load(fromByteOffset: at + 3, as: UInt8.self))
        // The value's key and length follow the name; all three lengths fit one byte and agree.
        guard label < 128, name + 4 <= label, label + 2 <= end - at,
            bytes.load(fromByteOffset: at + 4 + name, as: UInt8.self) == 0x12
        else { return false }
        let value = Int(bytes.load(fromByteOffset: at + 5 + name, as: UInt8.self))
        guard label == name + value + 4, name <= limits.labelNameBytes, value <= limits.labelValueBytes else {
            return false
        }
        at += label + 2
        return true
    }
}
