import TestSupport

/// Values in −100…100, about one in six a gap.
func gappy(_ count: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    return (0..<count)
        .map { _ in
            Int.random(in: 0..<6, using: &random) == 0 ? .nan : Double.random(in: -100...100, using: &random)
        }
}
