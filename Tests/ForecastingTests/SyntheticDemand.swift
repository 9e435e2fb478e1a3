import Kernels
import TestSupport

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
        var random = SeededGenerator(seed: seed)
        return (0..<(stepsPerDay * days))
            .map { i in
                let day = Double(i) / Double(stepsPerDay)
                var value = level + trendPerDay * day + daily * level * Elementary.sin(2 * Double.pi * day)
                if i / stepsPerDay % 7 >= 5 { value -= weekend * level }
                return max(0, value + noise * level * random.normal())
            }
    }
}
