import RemoteWrite

/// Builds remote-write bodies.
enum WriteRequest {
    /// `series`: labels and samples of each.
    static func protobuf(_ series: [(labels: [(String, String)], samples: [(Int64, Double)])]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in series {
            var inner: [UInt8] = []
            for (name, value) in entry.labels {
                field(1, field(1, Array(name.utf8)) + field(2, Array(value.utf8)), into: &inner)
            }
            for (time, value) in entry.samples {
                var sample: [UInt8] = [0x09]
                withUnsafeBytes(of: value.bitPattern.littleEndian) { sample.append(contentsOf: $0) }
                sample.append(0x10)
                varint(UInt64(bitPattern: time), into: &sample)
                field(2, sample, into: &inner)
            }
            field(1, inner, into: &bytes)
        }
        return bytes
    }

    /// Without compression, as snappy allows: one literal after the other.
    static func snappy(_ bytes: [UInt8], declaring declared: Int? = nil) -> [UInt8] {
        var result: [UInt8] = []
        varint(UInt64(declared ?? bytes.count), into: &result)
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(60)
            result.append(UInt8(part.count - 1) << 2)
            result.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
        }
        return result
    }

    static func body(_ series: [(labels: [(String, String)], samples: [(Int64, Double)])]) -> [UInt8] {
        snappy(protobuf(series))
    }

    private static func field(_ number: Int, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        field(number, payload, into: &bytes)
        return bytes
    }

    private static func field(_ number: Int, _ payload: [UInt8], into bytes: inout [UInt8]) {
        varint(UInt64(number << 3 | 2), into: &bytes)
        varint(UInt64(payload.count), into: &bytes)
        bytes.append(contentsOf: payload)
    }

    private static func varint(_ value: UInt64, into bytes: inout [UInt8]) {
        var value = value
        while value > 127 {
            bytes.append(UInt8(value & 127) | 128)
            value >>= 7
        }
        bytes.append(UInt8(value))
    }
}
