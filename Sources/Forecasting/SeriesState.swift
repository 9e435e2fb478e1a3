import Kernels

/// What features need of a series beside its recent values: smoothed seasonal profiles and moving averages.
///
/// It advances value by value, live and when history is replayed for training, by the same code: a feature can never look ahead,
/// and training sees exactly what a live forecast would have seen.
struct SeriesState: Sendable, Hashable {
    let day: Int
    /// Values seen.
    private(set) var count = 0
    /// Smoothed value per step of the day; empty where a day is too short or too long to be a season.
    private(set) var daily: [Float]
    /// The same per step of the week.
    private(set) var weekly: [Float]
    /// The profiles' entries for the last value's slot as they were before it.
    private(set) var dailyBefore = 0.0
    private(set) var weeklyBefore = 0.0
    /// Exponential moving averages, half-lives of about 1, 2, 4 … steps up to half a day.
    private(set) var averages: [Double]
    private(set) var last = 0.0
    private(set) var previous = 0.0
    private var rates: [Double]

    /// How much of a new value enters the profile of its slot.
    static let dailyRate = 0.2
    static let weeklyRate = 0.5

    /// - Parameters:
    ///   - day: steps of a day.
    ///   - limit: steps of history that will be kept; longer seasons are not followed.
    init(day: Int, limit: Int) {
        self.day = day
        daily = day >= 4 && day * 3 <= limit ? Array(repeating: 0, count: day) : []
        weekly = day * 10 <= limit ? Array(repeating: 0, count: day * 7) : []
        rates = []
        var span = 2.0
        while rates.count < 3 || span < Double(day) / 2 && rates.count < 10 {
            rates.append(2 / (span + 1))
            span *= 2
        }
        averages = Array(repeating: 0, count: rates.count)
    }

    /// The slowest moving average: the level of about the last half day.
    var level: Double { averages.last ?? last }

    var hasDay: Bool { !daily.isEmpty && count >= day }
    var hasWeek: Bool { !weekly.isEmpty && count >= weekly.count }

    /// What stands in for a gap at the next step: the profile's value, else the last value.
    var standIn: Double { hasDay ? Double(daily[count % day]) : last }

    /// Takes the next value; of a gap (`known` false) only time passes.
    mutating func advance(_ x: Double, known: Bool) {
        if known {
            previous = count == 0 ? x : last
            last = x
            for i in averages.indices {
                averages[i] += (count == 0 ? 1 : rates[i]) * (x - averages[i])
            }
        }
        if !daily.isEmpty {
            dailyBefore = SeriesState.enter(x, known, count, SeriesState.dailyRate, &daily)
        }
        if !weekly.isEmpty {
            weeklyBefore = SeriesState.enter(x, known, count, SeriesState.weeklyRate, &weekly)
        }
        count += 1
    }

    private static func enter(_ x: Double, _ known: Bool, _ count: Int, _ rate: Double, _ profile: inout [Float])
        -> Double
    {
        let slot = count % profile.count
        if count < profile.count {
            profile[slot] = Float(x)
            return x
        }
        let before = Double(profile[slot])
        if known { profile[slot] = Float(before + rate * (x - before)) }
        return before
    }

    /// The daily profile `ahead` steps after the last value; only where `hasDay`.
    func dailyAhead(_ ahead: Int) -> Double { Double(daily[(count - 1 + ahead) % day]) }
    /// The weekly profile `ahead` steps after the last value; only where `hasWeek`.
    func weeklyAhead(_ ahead: Int) -> Double { Double(weekly[(count - 1 + ahead) % weekly.count]) }
}
