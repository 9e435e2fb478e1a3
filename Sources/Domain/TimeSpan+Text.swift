extension TimeSpan: CustomStringConvertible {
    /// The largest unit that says it whole: `5m`, `90s`, `36h`, `14d`, `1500ms`.
    package var description: String {
        if milliseconds == 0 { return "0s" }
        let units: [(Int64, String)] = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")]
        for (worth, name) in units where milliseconds % worth == 0 { return String(milliseconds / worth) + name }
        return String(milliseconds) + "ms"
    }

    /// In prose: `10 min`, `90 s`, `2 h`, `1.5 days`; rounded where the exact figure would not be read.
    package var inWords: String {
        let seconds = abs(self.seconds)
        switch seconds {
        case ..<1: return String(milliseconds) + " ms"
        case ..<120: return NumberText.fixed(self.seconds, decimals: seconds < 10 ? 1 : 0) + " s"
        case ..<7200: return NumberText.fixed(self.seconds / 60, decimals: seconds < 600 ? 1 : 0) + " min"
        case ..<172_800: return NumberText.fixed(self.seconds / 3600, decimals: 1) + " h"
        default: return NumberText.fixed(self.seconds / 86_400, decimals: 1) + " days"
        }
    }
}
