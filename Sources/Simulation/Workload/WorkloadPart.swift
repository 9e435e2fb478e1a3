package import Domain

/// One cause of demand.
///
/// Parts are applied in the order in which a workload names them.
package enum WorkloadPart: Sendable, Equatable {
    /// Demand that is there before anything else.
    case base(Double)
    /// Times `1 + perWeek` each week, compounding.
    case growth(perWeek: Double)
    /// A day as people make it: low before dawn, a morning rise, a dip at noon, a peak in the evening. `swing` is the share of
    /// the demand that comes and goes: 0.8 makes the night a fifth of the peak. `peakHour` is that of the evening peak.
    case daily(swing: Double, peakHour: Double)
    /// Saturday and Sunday times `weekend`.
    case weekly(weekend: Double)
    /// Proportional to demand; `level` is its standard deviation, `memory` the time over which it is much the same.
    case noise(level: Double, memory: TimeSpan)
    /// Demand times up to `factor`: rises within `rise` and decays by half each `halfLife`.
    case flashCrowd(at: TimeSpan, factor: Double, rise: TimeSpan, halfLife: TimeSpan)
    /// The same crowd each day at one time: a sale at noon, the evening news, a batch of jobs on the hour.
    case dailyCrowd(at: TimeSpan, factor: Double, rise: TimeSpan, halfLife: TimeSpan)
    /// Demand times `factor` for a while: at once there, at once gone.
    case surge(at: TimeSpan, factor: Double, duration: TimeSpan)
    /// No demand, or none that was measured.
    case outage(at: TimeSpan, duration: TimeSpan, measured: Bool)
}

extension WorkloadPart {
    /// By how much a daily swing scales the mean of a day.
    package static func dailyMean(swing: Double) -> Double { 1 - swing * (1 - DayShape.mean) }
}
