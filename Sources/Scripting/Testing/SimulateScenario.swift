package import Domain

/// What `t.simulate { … }` asks: a fleet run over a load, from an empty past or a given one.
///
/// | key of `t.simulate` | | where it is left out |
/// |---|---|---|
/// | `fleet` | name of a fleet of the workspace | required |
/// | `policy` | only this policy proposes | all policies of the fleet |
/// | `load` | `t.any_load()`, or a table as `LoadScenario` reads it | required |
/// | `duration` | `"2d"` | `"1d"` |
/// | `history` | what the forecast has learned from before, `"7d"` | `"7d"` |
/// | `now` | local time at which it begins, after the history | `"2026-03-02 00:00"`, a Monday |
/// | `ready` | resources at the beginning | what the first demand needs |
/// | `lead` | time from asking to ready | the default persona's `startup` |
package struct SimulateScenario: Hashable, Sendable {
    package var fleet: String
    package var policy: String?
    package var load: LoadScenario
    package var duration: TimeSpan
    package var history: TimeSpan
    package var now: LocalTime
    package var ready: Int?
    package var lead: TimeSpan?
    package var seed: UInt64
}

/// A generated demand.
///
/// In Lua: `{ level = 400, daily = 0.5, weekly = 0.2, growth = 0.01, noise = 0.05, spike = { at = "14h", factor = 4, lasts = "20m" },
/// outage = { at = "20h", lasts = "10m" }, seed = 7 }`. Only `level` is required.
package struct LoadScenario: Hashable, Sendable {
    /// Mean demand, in the fleet's unit, ≥ 0.
    package var level: Double
    /// Amplitude of the day and of the week, as a share of the level, 0…1.
    package var daily: Double
    package var weekly: Double
    /// Growth per day, as a share of the level, −0.5…0.5.
    package var growth: Double
    /// Standard deviation of the noise, as a share of the demand, 0…1.
    package var noise: Double
    /// A flash crowd: demand times `factor`, from `at` after the beginning on.
    package var spike: Spike?
    /// No reading at all (the metrics are gone, the demand is not).
    package var outage: Outage?
    package var seed: UInt64

    package struct Spike: Hashable, Sendable {
        package var at: TimeSpan
        package var factor: Double
        package var lasts: TimeSpan
    }

    package struct Outage: Hashable, Sendable {
        package var at: TimeSpan
        package var lasts: TimeSpan
    }
}

/// What `t.simulate` answers, each figure over the run without its history.
package struct SimulateResult: Hashable, Sendable {
    /// `run.min_ready`, `run.max_ready`: fewest and most ready resources of any step.
    package var minReady: Int
    package var maxReady: Int
    /// `run.min_target`, `run.max_target`: of all decisions.
    package var minTarget: Int
    package var maxTarget: Int
    /// `run.shortfall`: share of steps in which demand exceeded what was ready, 0…1.
    package var shortfall: Double
    /// `run.unserved`: demand that was not served, as a share of all demand, 0…1.
    package var unserved: Double
    /// `run.cost`: of the resources paid for, in the personas' currency.
    package var cost: Double
    /// `run.reversals`: how often the direction turned.
    package var reversals: Int
    /// `run.changes`: decisions that changed the target.
    package var changes: Int
    /// `run.decisions`: all of them.
    package var decisions: Int
    /// `run.failures`: runs of a policy that failed.
    package var failures: Int

    package init(
        minReady: Int,
        maxReady: Int,
        minTarget: Int,
        maxTarget: Int,
        shortfall: Double,
        unserved: Double,
        cost: Double,
        reversals: Int,
        changes: Int,
        decisions: Int,
        failures: Int
    ) {
        self.minReady = minReady
        self.maxReady = maxReady
        self.minTarget = minTarget
        self.maxTarget = maxTarget
        self.shortfall = shortfall
        self.unserved = unserved
        self.cost = cost
        self.reversals = reversals
        self.changes = changes
        self.decisions = decisions
        self.failures = failures
    }
}
