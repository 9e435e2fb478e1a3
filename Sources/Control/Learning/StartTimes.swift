package import Domain

/// How long resources of one persona took from being asked for to being ready, and what is to be expected of the next.
///
/// A start that never became ready says that it takes at least as long as it was waited for: it is *censored*, and counts as such in the
/// estimate of Kaplan and Meier ("Nonparametric estimation from incomplete observations", JASA 53, 1958). Without it, a fleet half of
/// whose starts fail would be told that starting is quick.
package struct StartTimes: Hashable, Sendable, Codable {
    package struct Observation: Hashable, Sendable {
        package var time: TimeSpan
        package var isCensored: Bool
    }

    /// The latest of them, oldest first.
    package private(set) var observations: [Observation] = []

    /// Enough for a 95th percentile, few enough to follow a change of the platform.
    static let most = 200
    /// So many before what the persona declares no longer counts.
    static let enough = 8

    package init() {}

    package mutating func add(_ time: TimeSpan, isCensored: Bool = false) {
        observations.append(Observation(time: max(.zero, time), isCensored: isCensored))
        if observations.count > Self.most { observations.removeFirst(observations.count - Self.most) }
    }

    /// The time within which 95 % are ready.
    ///
    /// - Parameters:
    ///   - declared: the persona's first guess; one observation among others until there are enough.
    ///   - waiting: how long those that are starting have been waited for.
    package func leadTime(declared: TimeSpan, waiting: [TimeSpan] = []) -> TimeSpan {
        var all = observations + waiting.map { Observation(time: $0, isCensored: true) }
        if observations.count < Self.enough { all.append(Observation(time: declared, isCensored: false)) }
        // Of equal times, those that became ready come first: the censored were still at risk then.
        all.sort { ($0.time, $0.isCensored ? 1 : 0) < ($1.time, $1.isCensored ? 1 : 0) }
        var starting = 1.0
        for (index, observation) in all.enumerated() where !observation.isCensored {
            let atRisk = Double(all.count - index)
            starting *= 1 - 1 / atRisk
            if starting <= 0.05 + 1e-9 { return observation.time }
        }
        // More than one in twenty was never seen to become ready: the longest wait is the least that it takes.
        return all.last?.time ?? declared
    }
}

/// `[[90000, 0], [600000, 1]]`: milliseconds, and 1 for the censored.
extension StartTimes.Observation: Codable {
    package init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        self.init(time: try container.decode(TimeSpan.self), isCensored: try container.decode(Int.self) != 0)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(time)
        try container.encode(isCensored ? 1 : 0)
    }
}
