import Domain

/// The HPA rule at one target, with what it scored.
package struct HPAResult: Sendable, Equatable {
    package let target: Double
    package let score: Score
}

extension BacktestScenario {
    /// What Kubernetes' HorizontalPodAutoscaler would have done: `desired = ceil(ready × utilisation / target)`, a tolerance of
    /// 10 %, scale-in no lower than the largest wish of the last five minutes.
    ///
    /// Kubernetes documentation, "Horizontal Pod Autoscaling", algorithm details. What is starting counts as asked for, and is
    /// cut first, the latest before the earlier.
    package func hpa(target: Double) -> CapacityTimeline {
        let hold = max(1, Int(clamping: (300_000 + trace.step.milliseconds - 1) / trace.step.milliseconds))
        var timeline = CapacityTimeline()
        timeline.reserveCapacity(filled.count)
        guard let first = filled.first else { return timeline }

        var asked = max(Self.floor, Self.whole((first / capacity / target).rounded(.up)))
        var up = asked
        var arriving = Arrivals()
        var wishes = SlidingMaximum(width: hold)
        for t in filled.indices {
            up += arriving.take(at: t)
            let use = filled[t] / (Double(up) * capacity)
            let inTolerance = abs(use / target - 1) <= 0.1
            let want =
                inTolerance ? asked : max(Self.floor, Self.whole((Double(up) * use / target).rounded(.up)))
            let largest = wishes.push(want)
            if want > asked {
                arriving.add(want - asked, at: t + leadSteps)
                asked = want
            } else if largest < asked {
                let cut = arriving.cut(asked - largest)
                asked -= cut
                let drop = min(asked - largest, up - Self.floor)
                up -= drop
                asked -= drop
            }
            timeline.append(ready: up, billed: asked)
        }
        return timeline
    }

    /// The HPA rule at each target it may have been set to.
    package func hpaFrontier() -> [HPAResult] {
        Self.targets.map { HPAResult(target: $0, score: score(hpa(target: $0))) }
    }

    /// The target that turns out best for this trace: what nobody knows beforehand.
    package static func best(of frontier: [HPAResult]) -> HPAResult? {
        frontier.min { $0.score.total < $1.score.total }
    }

    /// The result whose target is nearest to `target`.
    package static func nearest(_ target: Double, in frontier: [HPAResult]) -> HPAResult? {
        frontier.min { abs($0.target - target) < abs($1.target - target) }
    }

    /// A fleet that is never scaled and large enough for the largest demand of the whole trace.
    ///
    /// Knows the peak in hindsight: the kindest reading of "size it for the peak". Who must guess it pays more, or falls short.
    package func staticPeak() -> CapacityTimeline {
        let peak = needed(for: trace.values.lazy.filter { !$0.isNaN }.max() ?? 0)
        let counts = [Int](repeating: peak, count: filled.count)
        return CapacityTimeline(ready: counts, billed: counts)
    }

    /// Exactly what each step needs, there when it is needed: nobody can do better.
    package func clairvoyant() -> CapacityTimeline {
        let counts = filled.map(needed(for:))
        return CapacityTimeline(ready: counts, billed: counts)
    }
}

/// Resources that were asked for and are not ready yet, in the order in which they become so.
private struct Arrivals {
    private var pending: [(at: Int, count: Int)] = []
    private var head = 0

    mutating func take(at time: Int) -> Int {
        guard head < pending.count, pending[head].at <= time else { return 0 }
        let count = pending[head].count
        head += 1
        if head == pending.count {
            pending.removeAll(keepingCapacity: true)
            head = 0
        }
        return count
    }

    mutating func add(_ count: Int, at time: Int) {
        pending.append((time, count))
    }

    /// Takes back up to `count`, the latest first; returns how many.
    mutating func cut(_ count: Int) -> Int {
        var left = count
        for i in pending.indices[head...].reversed() where left > 0 {
            let cut = min(left, pending[i].count)
            pending[i].count -= cut
            left -= cut
        }
        return count - left
    }
}

/// The largest of the last `width` values, amortised O(1) a value (the monotone queue).
private struct SlidingMaximum {
    let width: Int
    private var queue: [(index: Int, value: Int)] = []
    private var head = 0
    private var next = 0

    init(width: Int) {
        self.width = width
    }

    mutating func push(_ value: Int) -> Int {
        while queue.count > head, let last = queue.last, last.value <= value { queue.removeLast() }
        queue.append((next, value))
        next += 1
        if queue[head].index + width < next { head += 1 }
        if head > 4096 {
            queue.removeFirst(head)
            head = 0
        }
        return queue[head].value
    }
}
