package import Domain
import Foundation

/// Generated demand: parts, a grid and a seed.
///
/// Equal workloads give equal traces, to the bit.
package struct Workload: Sendable, Equatable {
    package var start: Timestamp
    package var step: TimeSpan
    package var count: Int
    package var seed: UInt64
    package var parts: [WorkloadPart]

    /// Monday, 2 March 2026, 00:00 UTC: where presets begin.
    package static let monday = Timestamp(milliseconds: 1_772_409_600_000)

    /// The hours and weekdays of the seasons are those of `start`, in UTC.
    package init(
        start: Timestamp = Workload.monday,
        step: TimeSpan = .minutes(1),
        count: Int,
        seed: UInt64 = 1,
        parts: [WorkloadPart]
    ) {
        self.start = start
        self.step = step
        self.count = count
        self.seed = seed
        self.parts = parts
    }

    /// The demand, rounded to thousandths, so that its CSV reads back as the same numbers.
    package func trace(named name: String) -> DemandTrace {
        let count = max(0, count)
        var values = [Double](repeating: 0, count: count)
        let generator = SeededGenerator(seed: seed)
        for (place, part) in parts.enumerated() {
            apply(part, to: &values, generator.split(UInt64(place) + 1))
        }
        for i in values.indices where !values[i].isNaN {
            values[i] = (max(0, values[i]) * 1000).rounded() / 1000
        }
        return DemandTrace(name: name, start: start, step: step, values: values)
    }

    private func apply(_ part: WorkloadPart, to values: inout [Double], _ generator: SeededGenerator) {
        let hours = step.hours
        switch part {
        case .base(let level):
            for i in values.indices { values[i] += level }
        case .growth(let perWeek):
            let rate = log(max(0.001, 1 + perWeek)) / 168
            for i in values.indices { values[i] *= exp(rate * hours * Double(i)) }
        case .daily(let swing, let peakHour):
            for i in values.indices {
                values[i] *= 1 - swing * (1 - DayShape.level(at: hourOfDay(i) - peakHour + DayShape.peakHour))
            }
        case .weekly(let weekend):
            for i in values.indices { values[i] *= 1 + (weekend - 1) * weekendShare(i) }
        case .noise(let level, let memory):
            addNoise(level, memory, to: &values, generator)
        case .flashCrowd(let at, let factor, let rise, let halfLife):
            for i in values.indices {
                let share = crowd(Double(i) * hours - at.hours, rise: rise, halfLife: halfLife)
                values[i] *= 1 + (factor - 1) * share
            }
        case .dailyCrowd(let at, let factor, let rise, let halfLife):
            for i in values.indices {
                let since = hourOfDay(i) - at.hours
                // What is left of yesterday's is next to nothing.
                values[i] *= 1 + (factor - 1) * crowd(since < 0 ? since + 24 : since, rise: rise, halfLife: halfLife)
            }
        case .surge(let at, let factor, let duration):
            for i in values.indices where lies(i, after: at, for: duration) { values[i] *= factor }
        case .outage(let at, let duration, let measured):
            for i in values.indices where lies(i, after: at, for: duration) { values[i] = measured ? 0 : .nan }
        }
    }

    /// Autoregressive of order 1 in the logarithm, so demand stays above zero and its mean stays what it was.
    private func addNoise(
        _ level: Double,
        _ memory: TimeSpan,
        to values: inout [Double],
        _ generator: SeededGenerator
    ) {
        var generator = generator
        let keep = memory > .zero ? exp(-step.hours / memory.hours) : 0
        let fresh = (1 - keep * keep).squareRoot()
        var state = generator.normal()
        for i in values.indices {
            values[i] *= exp(level * state - level * level / 2)
            state = keep * state + fresh * generator.normal()
        }
    }

    /// How much of a crowd is there, 0…1, so many hours after it began.
    private func crowd(_ since: Double, rise: TimeSpan, halfLife: TimeSpan) -> Double {
        guard since > 0 else { return 0 }
        let (rise, halfLife) = (max(rise.hours, step.hours), max(halfLife.hours, step.hours))
        return since < rise ? since / rise : exp2(-(since - rise) / halfLife)
    }

    private func lies(_ index: Int, after at: TimeSpan, for duration: TimeSpan) -> Bool {
        let since = step.milliseconds &* Int64(index) &- at.milliseconds
        return since >= 0 && since < duration.milliseconds
    }

    private func hourOfDay(_ index: Int) -> Double {
        let ms = start.milliseconds &+ step.milliseconds &* Int64(index)
        let rest = ms % 86_400_000
        return Double(rest < 0 ? rest + 86_400_000 : rest) / 3_600_000
    }

    /// 1 on Saturday and Sunday, 0 on other days, with two hours between.
    private func weekendShare(_ index: Int) -> Double {
        let ms = start.milliseconds &+ step.milliseconds &* Int64(index)
        // 1970-01-01 was a Thursday: 72 h after a Monday.
        let week = 604_800_000
        let rest = (ms &+ 259_200_000) % Int64(week)
        let hour = Double(rest < 0 ? rest + Int64(week) : rest) / 3_600_000
        if hour < 2 { return 1 - hour / 2 }
        return min(1, max(0, (hour - 118) / 2))
    }
}

/// Demand over a day in hours, 0…1: the mean shape of public web request logs, drawn smooth.
enum DayShape {
    static let peakHour = 20.0
    private static let hours: [Double] = [
        0.42, 0.27, 0.15, 0.06, 0.01, 0.00, 0.05, 0.18, 0.37, 0.55, 0.67, 0.72,
        0.70, 0.68, 0.70, 0.72, 0.73, 0.76, 0.83, 0.94, 1.00, 0.97, 0.84, 0.63,
    ]

    /// Over a whole day.
    static let mean = hours.reduce(0, +) / 24

    /// Between hours by a cubic through four of them (Catmull and Rom, 1974).
    static func level(at hour: Double) -> Double {
        let wrapped = hour - (hour / 24).rounded(.down) * 24
        let whole = Int(wrapped) % 24
        let t = wrapped - wrapped.rounded(.down)
        let p = (-1...2).map { hours[(whole + $0 + 24) % 24] }
        let a = 2 * p[1]
        let b = p[2] - p[0]
        let c = 2 * p[0] - 5 * p[1] + 4 * p[2] - p[3]
        let d = -p[0] + 3 * p[1] - 3 * p[2] + p[3]
        return min(1, max(0, 0.5 * (a + b * t + c * t * t + d * t * t * t)))
    }
}
