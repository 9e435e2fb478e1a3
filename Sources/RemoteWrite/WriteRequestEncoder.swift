/// Builds a `WriteRequest`, series by series.
package struct WriteRequestEncoder: Sendable {
    package private(set) var bytes: [UInt8] = []
    package private(set) var sampleCount = 0

    package init() {}

    /// The body of a request: what was built, compressed.
    package func compressed() -> [UInt8] {
        Snappy.encode(bytes)
    }

    /// Starts a new request and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        sampleCount = 0
    }

    /// The labels of a series as `append` takes them, ordered by name as remote write wants it. Worth keeping: a series has the same each time.
    package static func labelBlock(_ labels: [WireLabel]) -> [UInt8] {
        var block: [UInt8] = []
        for label in labels.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
            let name = label.name.utf8
            let value = label.value.utf8
            block.append(0x0A)
            appendVarint(
                UInt64(2 + varintSize(name.count) + name.count + varintSize(value.count) + value.count),
                to: &block
            )
            block.append(0x0A)
            appendVarint(UInt64(name.count), to: &block)
            block.append(contentsOf: name)
            block.append(0x12)
            appendVarint(UInt64(value.count), to: &block)
            block.append(contentsOf: value)
        }
        return block
    }

    package mutating func append(labelBlock: [UInt8], samples: some Collection<WireSample>) {
        var size = labelBlock.count
        for sample in samples { size += 11 + Self.varintSize(sample.timestampMs) + 1 }
        bytes.append(0x0A)
        Self.appendVarint(UInt64(size), to: &bytes)
        bytes.append(contentsOf: labelBlock)
        for sample in samples {
            bytes.append(0x12)
            Self.appendVarint(UInt64(10 + Self.varintSize(sample.timestampMs)), to: &bytes)
            bytes.append(0x09)
            withUnsafeBytes(of: sample.value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            bytes.append(0x10)
            Self.appendVarint(UInt64(bitPattern: sample.timestampMs), to: &bytes)
        }
        sampleCount += samples.count
    }

    package mutating func append(labels: [WireLabel], samples: some Collection<WireSample>) {
        append(labelBlock: Self.labelBlock(labels), samples: samples)
    }

    private static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// A negative number takes ten bytes.
    private static func varintSize(_ value: some FixedWidthInteger) -> Int {
        let bits = 64 - UInt64(truncatingIfNeeded: value).leadingZeroBitCount
        return max(1, (bits + 6) / 7)
    }
}
