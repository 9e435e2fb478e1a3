package import Decision
package import Domain
package import ScriptProtocol

/// What `t.decide { … }` asks: one decision of one fleet, with everything that it may depend on given.
///
/// | key of `t.decide` | | where it is left out |
/// |---|---|---|
/// | `fleet` | name of a fleet of the workspace | required |
/// | `policy` | only this policy proposes | all policies of the fleet |
/// | `now` | `"2026-11-24 03:00"`, in the fleet's zone | `"2026-03-02 12:00"`, a Monday |
/// | `capacity` | `{ ready =, starting =, draining = }` of the default persona, or a table of those per persona | `ready` = the fleet's minimum, at least 1 |
/// | `demand` | a number, a list (one per grid step, the last is now), `t.missing`, … | half of what is ready serves |
/// | `kpis` | name = number, list, `t.missing`, `t.stale`, `t.idle`, `t.nan`, `t.source_down` | a KPI that is not named is missing |
/// | `forecast` | number, list (one per step from the next on), `{ values =, trust =, model = }`, `t.missing` | flat at the demand of now, trust 1 |
/// | `state` | what the policy left last time | nothing |
/// | `lead` | time from asking to ready | the default persona's `startup` |
package struct DecideScenario: Hashable, Sendable {
    package var fleet: String
    package var policy: String?
    /// In the fleet's zone.
    package var now: LocalTime
    package var capacity: [CapacityEntry]?
    package var demand: KPIScenario?
    /// Sorted by KPI.
    package var kpis: [NamedKPIScenario]
    package var forecast: ForecastScenario?
    package var state: ScriptValue
    package var lead: TimeSpan?

    /// So many resources of one persona; of the fleet's default where `persona` is nil.
    package struct CapacityEntry: Hashable, Sendable {
        package var persona: String?
        package var ready: Int
        package var starting: Int
        package var draining: Int
    }

    package struct NamedKPIScenario: Hashable, Sendable {
        package var kpi: String
        package var scenario: KPIScenario
    }

    package enum ForecastScenario: Hashable, Sendable {
        /// No forecast is known yet.
        case none
        /// Values of the steps from the next on, the last one holding from then on; nil = flat at the demand of now.
        case known(values: [Double]?, trust: Double, model: String)
    }
}

/// What a KPI answers in a test.
package enum KPIScenario: Hashable, Sendable {
    /// One per grid step, the last is now; a single one has always been so. NaN = gap.
    case values([Double])
    /// There is nothing, and why.
    case none(SeriesAnswer.Status)

    /// The answer to a question, at `now` on a grid.
    package func answer(now: Timestamp, step: TimeSpan, window: TimeSpan) -> SeriesAnswer {
        switch self {
        case .none(let status):
            return SeriesAnswer(status: status, start: now, step: step, values: [])
        case .values(let values):
            let milliseconds = max(1, step.milliseconds)
            let steps = min(max(1, window.milliseconds / milliseconds), 100_000)
            let known = values.count == 1 ? Array(repeating: values[0], count: Int(steps)) : values
            let status: SeriesAnswer.Status = known.contains { !$0.isNaN } ? .ok : .nan
            let start = now - TimeSpan(milliseconds: milliseconds * Int64(max(0, known.count - 1)))
            return SeriesAnswer(status: status, start: start, step: step, values: known)
        }
    }
}

/// What `t.decide` answers.
///
/// `d.outcome` (`scale_out`, `scale_in`, `change`, `hold`, `advise`, `await`), `d.current`, `d.need`, `d.target`, `d.reason`;
/// `d.steps` (list of `{ rule, before, after, reason }`), `d.start` (list of `{ persona, count }`), `d.retire` (list of
/// `{ persona, state, count }`), `d.assign` (list of `{ resource, persona, reason }`), `d.proposals` (list of `{ policy, text, reason }`),
/// `d.state` (what the policy wants to remember; of the policy named, or the only one).
package struct DecideResult: Sendable {
    package var decision: Decision
    package var outcomes: [PolicyOutcome]
    package var state: ScriptValue

    package init(decision: Decision, outcomes: [PolicyOutcome], state: ScriptValue = .null) {
        self.decision = decision
        self.outcomes = outcomes
        self.state = state
    }
}
