/// Which rhythms a demand series was found to follow.
package struct Season: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The same hour tends to look alike on all days.
    package var daily: Bool
    /// The same hour tends to look alike on the same weekday, more than on other days.
    package var weekly: Bool

    package static let none = Season(daily: false, weekly: false)

    package init(daily: Bool, weekly: Bool) {
        self.daily = daily
        self.weekly = weekly
    }

    package var description: String {
        switch (daily, weekly) {
        case (true, true): "daily and weekly"
        case (true, false): "daily"
        case (false, true): "weekly"
        case (false, false): "none"
        }
    }
}
