/// How well a timeline met the demand of the scored steps.
package struct Score: Hashable, Sendable, Codable {
    /// Share of steps in which demand was above what the ready resources serve.
    package let shortfall: Double
    /// Resources that were missing, summed over time, as a share of what a clairvoyant pays.
    package let unserved: Double
    /// Resource-hours paid, as a multiple of what a clairvoyant pays.
    package let cost: Double
    /// `cost + price × unserved`.
    package let total: Double

    /// What not knowing the future cost.
    package var regret: Double { total - 1 }
}

/// One row of the table that compares policies.
package struct Scorecard: Hashable, Sendable, Codable {
    package let name: String
    package let shortfall: Double
    package let unserved: Double
    package let cost: Double
    package let total: Double
    package let regret: Double
    /// Regret as a share of that of the HPA rule at its best target: below 1 is better than any setting of it.
    ///
    /// nil where that rule had none.
    package let ratio: Double?
    /// How often the number of resources paid for changed.
    package let changesPerDay: Double
    /// How often the direction of change turned: each scale-in after a scale-out counts, and each scale-out after a scale-in.
    package let reversals: Int
}

/// A backtest's table, with what its ratios are relative to.
package struct Comparison: Hashable, Sendable, Codable {
    /// The policy first, then HPA at 50, 70 and 90 %, static peak, clairvoyant.
    package let rows: [Scorecard]
    /// HPA at the target that turned out best.
    package let best: Scorecard
    package let bestTarget: Double
}

extension BacktestScenario {
    /// Scores a timeline over the steps whose demand is known, from `firstScored` on.
    ///
    /// Steps that it lacks count as zero resources.
    package func score(_ timeline: CapacityTimeline) -> Score {
        var ideal = 0.0
        var paid = 0.0
        var missing = 0.0
        var short = 0
        var steps = 0
        for t in firstScored..<trace.count {
            let demand = trace.values[t]
            guard !demand.isNaN else { continue }
            let ready = t < timeline.count ? Double(timeline.ready[t]) : 0
            steps += 1
            ideal += max(Double(Self.floor), (demand / capacity - 1e-9).rounded(.up))
            paid += t < timeline.count ? Double(timeline.billed[t]) : 0
            missing += max(0, demand / capacity - ready)
            if demand > ready * capacity * (1 + 1e-9) { short += 1 }
        }
        let unserved = missing / ideal
        let cost = paid / ideal
        return Score(
            shortfall: Double(short) / Double(max(1, steps)),
            unserved: unserved,
            cost: cost,
            total: cost + price * unserved
        )
    }

    /// A row of the table; `best` is the HPA result that ratios are relative to.
    package func scorecard(_ name: String, _ timeline: CapacityTimeline, best: HPAResult?) -> Scorecard {
        let score = score(timeline)
        let (changes, reversals) = changes(in: timeline)
        let denominator = best?.score.regret ?? 0
        return Scorecard(
            name: name,
            shortfall: score.shortfall,
            unserved: score.unserved,
            cost: score.cost,
            total: score.total,
            regret: score.regret,
            ratio: denominator > 0 ? score.regret / denominator : nil,
            changesPerDay: Double(changes) / scoredDays,
            reversals: reversals
        )
    }

    /// The table: a policy beside what it is measured by.
    package func comparison(of own: CapacityTimeline, named name: String) -> Comparison {
        let frontier = hpaFrontier()
        let best = Self.best(of: frontier) ?? HPAResult(target: 1, score: score(hpa(target: 1)))
        var rows = [scorecard(name, own, best: best)]
        for target in [0.5, 0.7, 0.9] {
            let exact = Self.nearest(target, in: frontier)?.target ?? target
            rows.append(scorecard("HPA \(Int((target * 100).rounded())) %", hpa(target: exact), best: best))
        }
        rows.append(scorecard("static peak", staticPeak(), best: best))
        rows.append(scorecard("clairvoyant", clairvoyant(), best: best))
        let percent = Int((best.target * 100).rounded())
        return Comparison(
            rows: rows,
            best: scorecard("HPA \(percent) % (best in hindsight)", hpa(target: best.target), best: best),
            bestTarget: best.target
        )
    }

    /// Why a timeline cannot have been: more ready than were paid for throughout the lead time.
    ///
    /// nil where it can.
    package func impossibility(of timeline: CapacityTimeline) -> String? {
        guard timeline.count == trace.count else {
            return "the timeline has \(timeline.count) steps, the trace \(trace.count)"
        }
        for t in max(firstScored, leadSteps)..<max(trace.count, leadSteps, firstScored) where !trace.values[t].isNaN {
            let paid = timeline.billed[(t - leadSteps)...t].min() ?? 0
            if timeline.ready[t] > paid {
                return "at \(trace.label(at: t)) \(timeline.ready[t]) are ready, "
                    + "but only \(paid) were paid for throughout the lead time"
            }
        }
        return nil
    }

    private func changes(in timeline: CapacityTimeline) -> (changes: Int, reversals: Int) {
        var changes = 0
        var reversals = 0
        var direction = 0
        let end = min(trace.count, timeline.count)
        guard firstScored + 1 < end else { return (0, 0) }
        for t in firstScored + 1..<end {
            let now = (timeline.billed[t] - timeline.billed[t - 1]).signum()
            guard now != 0 else { continue }
            changes += 1
            if direction == -now { reversals += 1 }
            direction = now
        }
        return (changes, reversals)
    }
}
