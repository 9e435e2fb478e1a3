import TestSupport

/// Makes of a frame one that is nearly a frame: the way a broken or bought worker would lie.
struct FrameMutation {
    private var generator: SeededGenerator
    private let seeds: [[UInt8]]

    /// Lengths, counts, tags and bytes that decoders stumble over.
    private static let words: [UInt32] = [0, 1, 2, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffc, 65536]
    private static let bytes: [UInt8] = [0, 1, 2, 9, 10, 0x7f, 0x80, 0xc0, 0xed, 0xf4, 0xff]

    /// - Parameter seeds: payloads that are messages.
    init(seed: UInt64, seeds: [[UInt8]]) {
        generator = SeededGenerator(seed: seed)
        self.seeds = seeds
    }

    /// The next payload; `payload` keeps its room.
    mutating func next(_ payload: inout [UInt8]) {
        payload.removeAll(keepingCapacity: true)
        payload.append(contentsOf: seeds[below(seeds.count)])
        for _ in 0...below(4) { change(&payload) }
    }

    private mutating func change(_ payload: inout [UInt8]) {
        guard !payload.isEmpty else {
            payload.append(Self.bytes[below(Self.bytes.count)])
            return
        }
        let index = below(payload.count)
        switch below(8) {
        case 0: payload[index] ^= 1 << UInt8(below(8))
        case 1: payload[index] = Self.bytes[below(Self.bytes.count)]
        case 2: payload[index] = UInt8(below(256))
        case 3: payload.insert(Self.bytes[below(Self.bytes.count)], at: index)
        case 4: payload.removeSubrange(index..<min(payload.count, index + 1 + below(6)))
        case 5:
            let word = Self.words[below(Self.words.count)]
            for i in 0..<4 where index + i < payload.count {
                payload[index + i] = UInt8(truncatingIfNeeded: word >> UInt32(8 * i))
            }
        case 6:
            // A part of another message in the midst of this one.
            let other = seeds[below(seeds.count)]
            let start = below(other.count)
            payload.replaceSubrange(index..<index, with: other[start..<min(other.count, start + 24)])
        default: payload.removeSubrange(index...)
        }
    }

    private mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }
}
