import Domain
import Scripting
import Simulation

extension LoadScenario {
    /// The demand that a test describes, as a generated trace: history before `now`, then `duration`. Its clock is the fleet's wall clock.
    ///
    /// Spike and outage are counted from `now`.
    func workload(endingAfter duration: TimeSpan, history: TimeSpan, now: LocalTime, step: TimeSpan) -> Workload {
        // Day and week swing around the level that is asked for, so that their shapes do not change it.
        let week = 2 * weekly / 7
        var base = level * (1 + week)
        if daily > 0 { base /= WorkloadPart.dailyMean(swing: daily) }
        var parts: [WorkloadPart] = [.base(base)]
        if growth != 0 { parts.append(.growth(perWeek: Self.compounded(growth, times: 7) - 1)) }
        if daily > 0 { parts.append(.daily(swing: daily, peakHour: 20)) }
        if weekly > 0 { parts.append(.weekly(weekend: (1 - 5 * weekly / 7) / (1 + week))) }
        if noise > 0 { parts.append(.noise(level: noise, memory: .minutes(10))) }
        if let spike {
            parts.append(.surge(at: history + spike.at, factor: spike.factor, duration: spike.lasts))
        }
        if let outage {
            parts.append(.outage(at: history + outage.at, duration: outage.lasts, measured: false))
        }
        let milliseconds = max(1, step.milliseconds)
        let count = (history.milliseconds + duration.milliseconds) / milliseconds
        return Workload(
            start: Timestamp(milliseconds: now.millisecondsAsUTC) - history,
            step: step,
            count: Int(clamping: count),
            seed: seed,
            parts: parts
        )
    }

    private static func compounded(_ rate: Double, times: Int) -> Double {
        (0..<times).reduce(1) { product, _ in product * (1 + rate) }
    }
}

extension TimeSpan {
    fileprivate static func + (a: TimeSpan, b: TimeSpan) -> TimeSpan {
        TimeSpan(milliseconds: a.milliseconds &+ b.milliseconds)
    }
}
