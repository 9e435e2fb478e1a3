package import Domain

/// The rules of a backtest, the same for every policy that is tried on a trace.
///
/// - One resource serves `capacity` = p99.5(known demand) ÷ `resources`.
/// - What is asked for at t is paid for from t and ready `leadSteps` later; what is retired at t no longer serves or costs at t.
/// - At least two resources. A decision at t knows the demand up to and including t.
/// - The first 14 days, or half of the trace where that is shorter, are history and not scored.
package struct BacktestScenario: Sendable {
    package let trace: DemandTrace
    package let resources: Double
    /// Demand that one ready resource serves.
    package let capacity: Double
    /// What an hour short of one resource costs, in resource-hours.
    package let price: Double
    /// From asked for to ready: `leadSteps` steps.
    package let lead: TimeSpan
    package let leadSteps: Int
    /// The first step that counts.
    package let firstScored: Int
    /// Demand with gaps filled by the last value known (before the first: by the mean).
    package let filled: [Double]

    /// Resources that are always there.
    package static let floor = 2
    /// The targets that a HPA rule may have been set to, in hindsight: 30 % to 100 % in steps of 2 %.
    ///
    /// Spaced as numpy's `arange(.30, 1.001, .02)` spaces them, so that a target is the same number, to the last bit.
    static let targets: [Double] = (0..<36).map { 0.30 + Double($0) * ((0.30 + 0.02) - 0.30) }

    /// - Parameters:
    ///   - trace: demand, with gaps.
    ///   - resources: how many resources p99.5 of the demand keeps busy.
    ///   - lead: from asked for to ready; rounded up to whole steps. Without it the larger of 600 s and one step.
    ///   - price: what an hour short of one resource costs, in resource-hours.
    ///   - history: what is learned from and not scored; without it 14 days, or half of the trace where that is shorter.
    /// - Throws: an error that says which value is impossible, or what the trace lacks.
    package init(
        trace: DemandTrace,
        resources: Double = 50,
        lead: TimeSpan? = nil,
        price: Double = 20,
        history: TimeSpan? = nil
    ) throws(ScenarioError) {
        guard resources.isFinite, resources > 0, resources <= 1_000_000 else { throw .resources(resources) }
        if let lead, lead <= .zero || lead > .days(3650) { throw .lead(lead) }
        guard price.isFinite, price >= 0 else { throw .price(price) }
        let known = trace.values.filter { !$0.isNaN }
        let capacity = Self.quantile(0.995, of: known) / resources
        guard capacity.isFinite, capacity > 0 else { throw .noDemand(trace: trace.name) }

        let step = trace.step.milliseconds
        func steps(_ ms: Int64) -> Int { max(1, Int(clamping: ms / step + (ms % step > 0 ? 1 : 0))) }
        self.trace = trace
        self.resources = resources
        self.capacity = capacity
        self.price = price
        leadSteps = steps((lead ?? max(.seconds(600), trace.step)).milliseconds)
        self.lead = TimeSpan(milliseconds: step * Int64(leadSteps))
        firstScored =
            if let history {
                min(max(0, trace.count - 1), Int(clamping: max(0, history.milliseconds) / step))
            } else {
                min(trace.count / 2, Int(clamping: TimeSpan.days(14).milliseconds / step))
            }
        filled = Self.fill(trace.values, mean: known.reduce(0, +) / Double(max(1, known.count)))
        guard trace.values[firstScored...].contains(where: { !$0.isNaN }) else {
            throw .nothingToScore(trace: trace.name, from: trace.label(at: firstScored))
        }
    }

    /// Days that are scored.
    package var scoredDays: Double { Double(trace.count - firstScored) * trace.step.hours / 24 }

    /// Resources that a demand needs, exactly.
    package func needed(for demand: Double) -> Int {
        max(Self.floor, Self.whole((demand / capacity - 1e-9).rounded(.up)))
    }

    /// Never traps: counts beyond 2⁴⁰ are all the same to a fleet.
    static func whole(_ value: Double) -> Int {
        value.isNaN ? 0 : Int(max(0, min(value, 1_099_511_627_776)))
    }

    /// Linear interpolation between order statistics, computed as numpy's `quantile` computes it.
    static func quantile(_ q: Double, of values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let place = q * Double(sorted.count - 1)
        let below = min(Int(place), sorted.count - 1)
        let (a, b) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
        let t = place - Double(below)
        return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t)
    }

    private static func fill(_ values: [Double], mean: Double) -> [Double] {
        var filled = values
        for i in filled.indices where filled[i].isNaN {
            filled[i] = i == 0 ? .nan : filled[i - 1]
        }
        for i in filled.indices {
            guard filled[i].isNaN else { break }
            filled[i] = mean
        }
        return filled
    }
}

/// Why there is no backtest of a trace.
package enum ScenarioError: Error, Equatable, CustomStringConvertible {
    case resources(Double)
    case lead(TimeSpan)
    case price(Double)
    case noDemand(trace: String)
    case nothingToScore(trace: String, from: String)

    package var description: String {
        switch self {
        case .resources(let value):
            "--resources is \(value): it must be a number above 0, at most 1000000. It says how many resources a high demand (p99.5) needs."
        case .lead(let value):
            "--lead is \(value.seconds) s: it must be above 0 and at most ten years. It is the time from asking for a resource to its being ready."
        case .price(let value):
            "the price of a shortfall is \(value): it must be 0 or more."
        case .noDemand(let trace):
            "\(trace): 99.5 % of the known demand is zero, so there is nothing to size a fleet by. Take a trace with demand in it."
        case .nothingToScore(let trace, let from):
            "\(trace): all values from \(from) on are blank; what comes before is history and is not scored. Take a trace whose second half has demand."
        }
    }
}
