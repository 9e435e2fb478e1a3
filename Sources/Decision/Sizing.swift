import Domain

/// How many resources the demand asks for, now and one lead time from now.
///
/// What is asked for now is ready one lead time from now, so *add* looks at the demand around that moment; what is retired now is
/// missed until then, so *keep* looks at all demand from this moment to that one, and the prediction is
/// `max(add, min(current, keep))`. It never removes what serves the demand of this moment.
///
/// Demand of grid step k (at `origin + k × step`) is taken to hold until the next one. The steps that a decision answers for are those
/// which its resources meet before the next decision's are ready: from `now + lead` to `now + lead + interval`, both neighbours of a
/// moment between two steps included. With a decision on every step and a lead of L steps that is step L alone.
package struct Sizing: Hashable, Sendable {
    /// Demand around the lead time at the quantile that costs ask for; nil without a usable forecast.
    package var demandAhead: Double?
    /// Largest demand from now to then; nil where the demand of this moment is not known.
    package var demandKept: Double?
    /// Demand of this moment; nil where it cannot be seen.
    package var demandNow: Double?
    /// Resources for `demandAhead`.
    package var add: Int?
    /// Resources for `demandKept`.
    package var keep: Int?
    /// Resources for the demand of this moment with headroom.
    package var reactive: Int?
    /// Trust is at or above what the fleet asks for.
    package var isTrusted: Bool
    /// Before trust had its say.
    package var predicted: Int
    /// What the demand asks for, all told; the current count where nothing is known.
    package var need: Int
    /// Demand to add for that the capacity asked for so far would leave unserved.
    package var shortfall: Double
}

extension Sizing {
    /// Sizes a fleet; `outlook` may be older than the moment: its steps are aligned by time, and beyond its end its last value holds.
    package init(observation: Observation, outlook: DemandOutlook?, rules: FleetRules) {
        self.init(
            observation: observation,
            outlook: outlook,
            rules: rules,
            standing: Standing(observation, rules: rules)
        )
    }

    init(observation: Observation, outlook: DemandOutlook?, rules: FleetRules, standing: Standing) {
        let now = observation.demand.usable
        let steps = outlook.flatMap { OutlookSteps($0, at: observation) }
        let ahead = steps?.ahead
        demandNow = now
        demandAhead = ahead
        demandKept = now.map { max($0, steps?.until ?? 0) }
        isTrusted = outlook.map { $0.trust >= rules.trust } ?? false

        let headroom = rules.headroom.isFinite ? min(max(rules.headroom, 0), 10) : 0
        let current = standing.current
        add = ahead.flatMap { standing.need(for: $0) }
        keep = demandKept.flatMap { standing.need(for: $0) }
        let withHeadroom = now.map { min($0 * (1 + headroom), .greatestFiniteMagnitude) }
        reactive = withHeadroom.flatMap { standing.need(for: $0) }

        // Without the demand of this moment nothing says what may go.
        if let add {
            predicted = max(add, min(current, keep ?? current))
        } else {
            predicted = reactive ?? current
        }
        need = predicted
        if add != nil, !isTrusted { need = max(predicted, reactive ?? current) }
        // Of the demand that may add: a trusted forecast alone, else the demand of this moment too.
        let asked = isTrusted && add != nil ? ahead ?? 0 : max(ahead ?? 0, withHeadroom ?? 0)
        let missing = asked - standing.capacity
        shortfall = missing > 0 ? missing : 0
    }
}

/// The steps of an outlook that a decision at one instant looks at.
private struct OutlookSteps {
    /// Largest demand around the lead time.
    let ahead: Double
    /// Largest demand from now to then.
    let until: Double

    init?(_ outlook: DemandOutlook, at observation: Observation) {
        let step = outlook.step.milliseconds
        guard step > 0 else { return nil }
        let lead = TimeSpan(milliseconds: max(0, observation.leadTime.milliseconds))
        let interval = TimeSpan(milliseconds: max(1, observation.interval.milliseconds) - 1)
        let ready = observation.now + lead
        let first = max(1, Self.index(of: ready, in: outlook, roundedUp: false))
        let last = max(
            first,
            Self.index(of: ready, in: outlook, roundedUp: true),
            Self.index(of: ready + interval, in: outlook, roundedUp: false)
        )
        let this = max(1, Self.index(of: observation.now, in: outlook, roundedUp: false))
        guard let ahead = Self.largest(of: outlook.values, from: first, through: last) else { return nil }
        self.ahead = ahead
        until = max(ahead, Self.largest(of: outlook.values, from: min(this, first), through: last) ?? ahead)
    }

    private static func index(of time: Timestamp, in outlook: DemandOutlook, roundedUp: Bool) -> Int {
        let offset = (time - outlook.origin).milliseconds
        let (whole, rest) = offset.quotientAndRemainder(dividingBy: outlook.step.milliseconds)
        if roundedUp { return Int(rest > 0 ? whole + 1 : whole) }
        return Int(rest < 0 ? whole - 1 : whole)
    }

    /// Steps count from 1.
    ///
    /// A step that the model left open says nothing; one beyond the end is like the last.
    private static func largest(of values: [Double], from first: Int, through last: Int) -> Double? {
        var largest: Double?
        let end = min(last, values.count)
        if first <= end {
            for value in values[(first - 1)..<end] where value.isFinite { largest = max(largest ?? 0, value) }
        }
        if largest == nil || last > values.count {
            if let tail = values.last(where: { $0.isFinite }) { largest = max(largest ?? 0, tail) }
        }
        return largest
    }
}

extension Reading {
    /// The value, if it is one that a demand can have.
    package var usable: Double? {
        if case .value(let value) = self, value.isFinite, value >= 0 { value } else { nil }
    }

    /// Why there is no usable value.
    ///
    /// Who is idle is not blind: nothing is there to report, or nothing to measure; but it is not zero either.
    package var blindness: String? {
        switch self {
        case .value(let value): value.isFinite ? (value < 0 ? "negative" : nil) : value.isNaN ? "nan" : "infinite"
        case .blind("idle", _): nil
        case .blind(let status, _): status.isEmpty ? "missing" : status
        }
    }
}
