/// Makes KPIs out of what the app exposes, scrape after scrape.
///
/// A value that cannot be had is left out rather than put at zero: the first reading of a counter, a ratio or a quantile of no traffic, a
/// metric that is not exposed, and one that a target exposed which does not answer now: the rest of a sum is not the sum.
package struct ScrapeDerivation: Sendable {
    /// What one target answered: its series, or nil where the scrape failed.
    package typealias Answer = [ScrapedSeries]?

    private struct Gain {
        var count: Double
        var seconds: Double
    }

    private var counters: [ScrapedSeries.Identity: (count: Double, monotonicMs: Int64)] = [:]
    /// The metrics that each target exposed when it last answered.
    private var exposed: [Int: Set<String>] = [:]

    package init() {}

    /// The metrics that `rules` are made of.
    package static func metrics(of rules: [ScrapeRule]) -> Set<String> {
        var names: Set<String> = []
        for rule in rules {
            switch rule.kind {
            case .gauge, .rate: names.insert(rule.metric)
            case .ratio(let per): names.formUnion([rule.metric, per])
            case .quantile: names.insert(rule.metric + "_bucket")
            }
        }
        return names
    }

    /// The value of each rule, nil where there is none. `answers` has one entry per target, in the same order each time.
    package mutating func values(of rules: [ScrapeRule], in answers: [Answer], at now: AgentInstant) -> [Double?] {
        var hidden: Set<String> = []
        for (target, answer) in answers.enumerated() where answer == nil { hidden.formUnion(exposed[target] ?? []) }
        let series = answers.compactMap { $0 }.joined()
        let gains = advance(Array(series), answers, at: now)
        return rules.map { rule in
            guard Self.metrics(of: [rule]).isDisjoint(with: hidden) else { return nil }
            guard let value = Self.value(of: rule, series: series, gains: gains) else { return nil }
            // A gauge may well be NaN, and the server tells that from one that is missing. A computed value is a number or none.
            if case .gauge = rule.kind { return value * rule.scale }
            return (value * rule.scale).isFinite ? value * rule.scale : nil
        }
    }

    /// Takes the new counts and says what each counter gained since its last reading.
    private mutating func advance(
        _ series: [ScrapedSeries],
        _ answers: [Answer],
        at now: AgentInstant
    ) -> [ScrapedSeries.Identity: Gain] {
        var gains: [ScrapedSeries.Identity: Gain] = [:]
        // What is no number is no count: the next gain spans it, and is not all that the counter ever counted.
        for one in series where one.value.isFinite {
            guard let last = counters[one.identity], now.monotonicMs > last.monotonicMs else { continue }
            // A counter that fell was started anew: what it shows now is what it gained since, as in Prometheus.
            let gained = one.value >= last.count ? one.value - last.count : one.value
            gains[one.identity] = Gain(count: gained, seconds: Double(now.monotonicMs - last.monotonicMs) / 1000)
        }
        // A series that its target no longer exposes is forgotten. A target that did not answer keeps its series: the next gain spans the gap.
        let odd = Set(series.lazy.filter { !$0.value.isFinite }.map(\.identity))
        counters = counters.filter { identity, _ in
            identity.target < answers.count && answers[identity.target] == nil || odd.contains(identity)
        }
        for one in series where one.value.isFinite { counters[one.identity] = (one.value, now.monotonicMs) }
        for (target, answer) in answers.enumerated() {
            if let answer { exposed[target] = Set(answer.map(\.identity.metric)) }
        }
        return gains
    }

    private static func value(
        of rule: ScrapeRule,
        series: some Sequence<ScrapedSeries>,
        gains: [ScrapedSeries.Identity: Gain]
    ) -> Double? {
        func matching(_ metric: String) -> [ScrapedSeries] {
            series.filter { $0.identity.metric == metric && $0.identity.matches(rule.match) }
        }
        // A sum without one of its parts is not the sum.
        func gained(_ metric: String) -> [Gain] {
            let found = matching(metric)
            return found.allSatisfy(\.value.isFinite) ? found.compactMap { gains[$0.identity] } : []
        }
        switch rule.kind {
        case .gauge(let aggregate):
            let values = matching(rule.metric).map(\.value)
            guard let first = values.first else { return nil }
            return switch aggregate {
            case .sum: values.reduce(0, +)
            case .mean: values.reduce(0, +) / Double(values.count)
            case .min: values.reduce(first) { Swift.min($0, $1) }
            case .max: values.reduce(first) { Swift.max($0, $1) }
            }
        case .rate:
            let found = gained(rule.metric)
            return found.isEmpty ? nil : found.reduce(0) { $0 + $1.count / $1.seconds }
        case .ratio(let per):
            let part = gained(rule.metric)
            let whole = gained(per).reduce(0) { $0 + $1.count }
            return part.isEmpty || whole <= 0 ? nil : part.reduce(0) { $0 + $1.count } / whole
        case .quantile(let quantile):
            let buckets = matching(rule.metric + "_bucket")
                .compactMap { one -> HistogramQuantile.Bucket? in
                    guard let gain = gains[one.identity],
                        let bound = one.identity.value(of: "le").flatMap({ Double($0) })
                    else {
                        return nil
                    }
                    return HistogramQuantile.Bucket(upperBound: bound, count: gain.count)
                }
            return HistogramQuantile.value(quantile, of: buckets)
        }
    }
}
