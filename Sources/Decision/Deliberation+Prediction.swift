import Domain

extension Deliberation {
    /// What the demand asks for: by forecast, by the demand of this moment, or by neither where neither is known.
    mutating func predict() {
        guard rules.prediction != .off else { return }
        if sizing.add != nil {
            step("prediction", sizing.predicted, forecastInWords)
            cause = steps.last?.reason ?? ""
            guard !sizing.isTrusted else { return }
            let reason = "trust \(trustInWords): \(reactiveInWords)"
            if sizing.need > count { cause = reason }
            step("trust", sizing.need, reason)
        } else if sizing.reactive != nil {
            step("prediction", sizing.need, "no forecast yet: " + reactiveInWords)
            cause = steps.last?.reason ?? ""
        } else {
            let why =
                standing.personas.isEmpty ? "no persona says what it serves" : "no forecast, and no demand to go by"
            step("prediction", current, why + ": the count stays")
            cause = steps.last?.reason ?? ""
        }
    }

    /// `demand in 10 min expected at 1,790 (95 %), 120 each`.
    private var forecastInWords: String {
        let quantile = input.outlook?.quantile ?? 0
        let lead = observation.leadTime.inWords
        let kept = sizing.keep.map { min($0, current) } ?? current
        var text: String
        if let add = sizing.add, kept > add {
            if let keep = sizing.demandKept, sizing.keep != nil {
                // What stays, stays for the demand of this moment or for that which comes before the lead time is over.
                let isNow = sizing.demandNow.map { $0 >= keep } ?? false
                text =
                    isNow
                    ? "demand is \(NumberText.amount(keep)) now"
                    : "demand within \(lead) expected at up to \(NumberText.amount(keep)) (\(NumberText.percent(quantile)))"
            } else {
                text = "the demand of this moment is not known, so nothing is spared"
            }
        } else {
            text =
                "demand in \(lead) expected at \(NumberText.amount(sizing.demandAhead ?? 0)) (\(NumberText.percent(quantile)))"
        }
        text += eachInWords
        return text
    }

    private var reactiveInWords: String {
        guard let now = sizing.demandNow, let reactive = sizing.reactive else {
            return "the demand of this moment is not known, so nothing is removed"
        }
        var text = "demand is \(NumberText.amount(now)) now"
        if rules.headroom > 0 { text += ", with \(NumberText.percent(rules.headroom)) headroom" }
        return text + " it needs \(NumberText.count(reactive))" + eachInWords
    }

    private var eachInWords: String {
        guard let first = standing.personas.first, standing.personas.count == 1 else { return "" }
        return ", \(NumberText.amount(first.capacity)) each"
    }

    private var trustInWords: String {
        let trust = input.outlook?.trust ?? 0
        return "\(NumberText.fixed(trust, decimals: 2)) is below \(NumberText.fixed(rules.trust, decimals: 2))"
    }
}
