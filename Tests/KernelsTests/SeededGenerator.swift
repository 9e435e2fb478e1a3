/// SplitMix64: the same numbers on every machine and run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Values in −100…100, about one in six a gap.
func gappy(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(state: seed)
    return (0..<count)
        .map { _ in
            Int.random(in: 0..<6, using: &random) == 0 ? .nan : Double.random(in: -100...100, using: &random)
        }
}
