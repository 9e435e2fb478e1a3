package import Domain

/// How a simulated persona's resources start, stop and fail.
package struct PersonaBehaviour: Sendable, Equatable {
    package var persona: String
    /// Median time from asked for to ready.
    package var startup: TimeSpan
    /// Spread of the start-up time: standard deviation of its logarithm.
    ///
    /// 0.25 puts 95 % between 0.6 and 1.6 times the median.
    package var spread: Double
    /// How long a retired resource finishes its work; it is paid for and no longer counts as ready.
    package var draining: TimeSpan
    /// Share of starts that never become ready.
    package var failing: Double
    /// When a start that is not ready counts as failed and is tried anew.
    package var timeout: TimeSpan
    /// How often a failed start is tried anew.
    package var retries: Int
    /// Most resources of this persona that can be had.
    package var quota: Int?

    package init(
        persona: String,
        startup: TimeSpan = .seconds(90),
        spread: Double = 0.25,
        draining: TimeSpan = .seconds(30),
        failing: Double = 0,
        timeout: TimeSpan = .minutes(10),
        retries: Int = 3,
        quota: Int? = nil
    ) {
        self.persona = persona
        self.startup = startup
        self.spread = spread
        self.draining = draining
        self.failing = failing
        self.timeout = timeout
        self.retries = retries
        self.quota = quota
    }

    /// Ready exactly `lead` after it is asked for, gone the moment it is retired, never failing.
    package static func exact(_ persona: String, lead: TimeSpan) -> PersonaBehaviour {
        PersonaBehaviour(persona: persona, startup: lead, spread: 0, draining: .zero)
    }
}
