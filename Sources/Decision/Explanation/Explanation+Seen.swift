import Domain

extension ExplanationPage {
    /// Demand, capacity, forecast, trust, and the limits in force.
    mutating func describeWhatWasSeen(_ input: DecisionInput) {
        let (observation, rules) = (input.observation, input.rules)
        let standing = Standing(observation, rules: rules)
        section("What was seen")
        entry("demand", inWords(observation.demand))
        entry("resources", inWords(standing))
        let asked = NumberText.amount(standing.capacity)
        let each = rules.personas.map { "\($0.name) \(NumberText.amount($0.capacity))" }.joined(separator: ", ")
        entry(
            "capacity",
            standing.personas.isEmpty
                ? "not known: no persona says what it serves"
                : "\(NumberText.amount(standing.readyCapacity)) ready, \(asked) with what is starting (each: \(each))"
        )
        describeForecast(input, standing)
        entry("limits", inWords(rules.limits))
        let pause = Overrides(rules.overrides, at: observation.now).all
        entry("mode", pause.map { "paused \($0.origin) (mode \(rules.mode.rawValue))" } ?? rules.mode.rawValue)
        for override in rules.overrides where override.holds(at: observation.now) && override != pause {
            entry("override", override.inWords)
        }
        if let shared = rules.shared { entry("all fleets", inWords(shared)) }
        if let last = observation.past.last {
            let words = "\(NumberText.count(last.target)) asked for, \(NumberText.count(last.need)) needed"
            entry("before", "\((observation.now - last.at).inWords) ago: \(words)")
        }
    }

    private mutating func describeForecast(_ input: DecisionInput, _ standing: Standing) {
        let rules = input.rules
        if rules.prediction == .off {
            entry("forecast", "not asked: prediction is off, policies alone size the fleet")
            return
        }
        guard let outlook = input.outlook else {
            entry("forecast", "none: the demand of this moment stands in")
            return
        }
        let sizing = Sizing(observation: input.observation, outlook: outlook, rules: rules, standing: standing)
        let lead = input.observation.leadTime.inWords
        let quantile = NumberText.percent(outlook.quantile)
        let known = "\(outlook.model), knows demand up to \(outlook.origin), steps of \(outlook.step)"
        guard let ahead = sizing.demandAhead else {
            entry("forecast", "\(known): says nothing about \(lead) from now")
            return
        }
        var text = "\(known): \(NumberText.amount(ahead)) in \(lead) at \(quantile)"
        if let kept = sizing.demandKept { text += ", up to \(NumberText.amount(kept)) from now until then" }
        entry("forecast", text)
        if let first = outlook.values.first, let last = outlook.values.last, outlook.values.count > 1 {
            var row = "\(NumberText.amount(first)) next, \(NumberText.amount(last)) at its end (\(quantile))"
            if let first = outlook.medians.first, let last = outlook.medians.last {
                row += "; medians \(NumberText.amount(first)) and \(NumberText.amount(last))"
            }
            entry("", row)
        }
        let (trust, asked) = (NumberText.fixed(outlook.trust, decimals: 2), NumberText.fixed(rules.trust, decimals: 2))
        entry(
            "trust",
            sizing.isTrusted
                ? "\(trust), \(asked) is enough: the forecast may add and remove"
                : "\(trust), below \(asked): the forecast may add, and demand now with \(NumberText.percent(rules.headroom)) headroom stays"
        )
    }

    private func inWords(_ reading: Reading) -> String {
        switch reading {
        case .value(let value):
            guard let why = reading.blindness else { return NumberText.amount(value) }
            return "not usable (\(why)): it counts as not known, never as 0"
        case .blind(let status, let last):
            let before = last.map { ", last known \(NumberText.amount($0))" } ?? ""
            return "not known (\(status.isEmpty ? "missing" : status)\(before)): never read as 0"
        }
    }

    private func inWords(_ standing: Standing) -> String {
        var text = "\(NumberText.count(standing.current)) asked for: \(NumberText.count(standing.ready)) ready"
        if standing.starting > 0 { text += ", \(NumberText.count(standing.starting)) starting" }
        if standing.draining > 0 { text += "; \(NumberText.count(standing.draining)) draining besides" }
        if standing.unmanaged > 0 { text += "; \(NumberText.count(standing.unmanaged)) are not ours to retire" }
        return text
    }

    /// As they stand in the fleet's script.
    private func inWords(_ limits: Limits) -> String {
        var parts = ["min \(NumberText.count(limits.min))"]
        if let max = limits.max { parts.append("max \(NumberText.count(max))") }
        if let limit = limits.stepUp { parts.append("step_up \(limit)") }
        if let limit = limits.stepDown { parts.append("step_down \(limit)") }
        if let span = limits.settle { parts.append("settle \(span)") }
        if let limit = limits.reversals { parts.append("reversals \(limit)") }
        if let limit = limits.removals { parts.append("removals \(limit)") }
        if let ceiling = limits.costPerHour { parts.append("cost \(NumberText.amount(ceiling))/h") }
        return parts.joined(separator: ", ")
    }

    private func inWords(_ shared: SharedBudget) -> String {
        var parts: [String] = []
        if let most = shared.costPerHour, let left = shared.costLeft {
            parts.append("\(NumberText.amount(Swift.max(0, left)))/h of \(NumberText.amount(most))/h is left")
        }
        if let most = shared.starts, let left = shared.startsLeft {
            parts.append("\(NumberText.count(Swift.max(0, left))) of \(NumberText.count(most)) starts are left")
        }
        return parts.isEmpty ? "no budget" : parts.joined(separator: ", ")
    }
}
