import ScriptProtocol

/// How often what has happened.
struct Tally {
    /// All but what each script has done.
    var totals = WorkerPoolHealth()
    private var scripts: [String: Script] = [:]

    private struct Script {
        var counts = WorkerPoolHealth.Script()
        var durations = Durations()
    }

    /// Names beyond it are counted in the totals only.
    private static let mostScripts = 10_000

    var health: WorkerPoolHealth {
        var health = totals
        health.scripts = scripts.mapValues { script in
            var counts = script.counts
            counts.medianMicroseconds = script.durations.microseconds(quantile: 0.5)
            counts.p99Microseconds = script.durations.microseconds(quantile: 0.99)
            return counts
        }
        return health
    }

    /// - Parameter nanoseconds: what the run took; nil where it came to no end of its own.
    mutating func count(_ answer: Evaluation.Answer, of script: String, nanoseconds: Int64?) {
        let failure: ScriptFailure.Kind? = if case .failure(let failure) = answer { failure.kind } else { nil }
        totals.evaluations += 1
        if failure != nil { totals.failures += 1 }
        change(script) { script in
            script.counts.evaluations += 1
            if let failure {
                script.counts.failures += 1
                script.counts.failuresByKind[failure, default: 0] += 1
            }
            if let nanoseconds { script.durations.add(nanoseconds: nanoseconds) }
        }
    }

    mutating func countKill(by script: String) { change(script) { $0.counts.kills += 1 } }

    private mutating func change(_ name: String, _ body: (inout Script) -> Void) {
        if scripts.count >= Self.mostScripts && scripts[name] == nil { return }
        body(&scripts[name, default: Script()])
    }
}
