/// Where a position of the grid lies in the local day and week.
///
/// Arithmetic only: no zone data, no clock.
struct GridCalendar: Hashable, Sendable {
    let startMilliseconds: Int64
    let stepMilliseconds: Int64
    /// Steps of a day, rounded, ≥ 1.
    let day: Int

    init(_ configuration: ForecastConfiguration) {
        startMilliseconds = configuration.startMilliseconds &+ configuration.utcOffsetMilliseconds
        stepMilliseconds = configuration.stepMilliseconds
        day = configuration.stepsPerDay
    }

    var week: Int { day * 7 }

    /// Local milliseconds since 1970 of a position.
    private func local(_ position: Int) -> Int64 {
        startMilliseconds &+ Int64(position) &* stepMilliseconds
    }

    /// Share of the local day that has passed, 0 ..< 1.
    func timeOfDay(_ position: Int) -> Double {
        let length = ForecastConfiguration.dayMilliseconds
        let inside = local(position) % length
        return Double(inside < 0 ? inside + length : inside) / Double(length)
    }

    /// Whether a position lies on a Saturday or Sunday.
    func isWeekend(_ position: Int) -> Bool {
        let length = ForecastConfiguration.dayMilliseconds
        let time = local(position)
        let days = time >= 0 ? time / length : (time - length + 1) / length
        // 1970-01-01 was a Thursday: with Sunday as 0, day 0 is 4.
        let weekday = ((days + 4) % 7 + 7) % 7
        return weekday == 0 || weekday == 6
    }
}
