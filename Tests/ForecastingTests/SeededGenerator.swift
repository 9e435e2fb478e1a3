import Kernels

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

extension SeededGenerator {
    /// About normal, mean 0, deviation 1: the sum of twelve uniform numbers.
    mutating func normal() -> Double {
        var sum = -6.0
        for _ in 0..<12 { sum += Double.random(in: 0..<1, using: &self) }
        return sum
    }
}

/// Demand on a grid with the seasons that a test asks for.
struct SyntheticDemand {
    var stepsPerDay = 288
    var days = 15
    var level = 100.0
    /// Share of the level that the day swings.
    var daily = 0.0
    /// Share of the level that is missing on two days of seven.
    var weekend = 0.0
    /// Deviation as a share of the level.
    var noise = 0.05
    var trendPerDay = 0.0
    var seed: UInt64 = 1

    func values() -> [Double] {
        var random = SeededGenerator(state: seed)
        return (0..<(stepsPerDay * days))
            .map { i in
                let day = Double(i) / Double(stepsPerDay)
                var value = level + trendPerDay * day + daily * level * Elementary.sin(2 * Double.pi * day)
                if i / stepsPerDay % 7 >= 5 { value -= weekend * level }
                return max(0, value + noise * level * random.normal())
            }
    }
}
