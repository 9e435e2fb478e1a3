import ScriptProtocol
package import Workers

/// Tries scripts in real workers, under the limits that policies have, and judges the sandbox: how each ended, how long it took, and
/// whether the host and the next script are well.
package struct SandboxTester: Sendable {
    /// What a run may take beyond its wall limit: the grace before the kill, the kill, and a new worker.
    package static let allowance = Duration.milliseconds(400)

    private let executable: String?
    private let slowness: Int64
    private let limits: ScriptLimits

    /// - Parameters:
    ///   - executable: the worker's file; nil looks where the pool does.
    ///   - slowness: how many times longer a run may take than a policy's, for a worker that is built to be watched or a busy machine.
    ///     All other limits are those of policies.
    package init(executable: String? = nil, slowness: Int = 1) {
        self.executable = executable
        self.slowness = Int64(max(1, slowness))
        var limits = ScriptLimits()
        limits.wallMilliseconds *= self.slowness
        self.limits = limits
    }

    /// Tries all scripts, one after the other in the same workers, as often as there are rounds.
    ///
    /// - Parameter each: told of each outcome, with its round from 1.
    /// - Throws: where there are no workers to try them in.
    package func run(
        _ scripts: [SandboxScript],
        rounds: Int = 1,
        each: (SandboxOutcome, Int) -> Void = { _, _ in }
    ) async throws(WorkerPoolError) -> SandboxReport {
        var configuration = WorkerPoolConfiguration(size: 1, executable: executable)
        // Each file is its own script; none is to be turned away for what it did the last time.
        configuration.quarantine.strikes = .max
        HostMemory.keepInOnePlace()
        let pool = try WorkerPool(configuration: configuration)
        defer { pool.shutdown() }
        var report = SandboxReport(bound: bound)
        await warmUp(pool)
        for round in 1...max(1, rounds) {
            for script in scripts {
                let outcome = await outcome(of: script, in: pool)
                each(outcome, round)
                // Whatever is kept here looks like growth of the host.
                report.outcomes.append(round > 1 && outcome.held ? outcome.short : outcome)
            }
            report.hostMemoryBytes.append(HostMemory.residentBytes())
        }
        let health = pool.health
        report.kills = health.kills
        report.deaths = health.deaths
        return report
    }

    /// Where the clocks have room, questions to the host may wait long for a processor, which no limit counts: only a hang is told.
    private var bound: Duration {
        .milliseconds(limits.wallMilliseconds) + Self.allowance * Int(slowness) + (slowness > 1 ? .seconds(20) : .zero)
    }

    /// The largest requests, from two threads at once: it makes the host what it then is for good, so that what it grows by
    /// afterwards is a leak.
    private func warmUp(_ pool: WorkerPool) async {
        let large = SandboxScript(name: "warm-up", bytes: [UInt8](repeating: UInt8(ascii: " "), count: 3 << 19))
        for _ in 0..<3 {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        for run in SandboxRun.all(of: large, limits: limits) { _ = await pool.answer(run.request) }
                    }
                }
            }
            _ = await harm(in: pool)
        }
    }

    private func outcome(of script: SandboxScript, in pool: WorkerPool) async -> SandboxOutcome {
        var outcome = SandboxOutcome(script: script.name, expectation: script.expectation)
        var runs = SandboxRun.all(of: script, limits: limits)
        var next = 0
        while next < runs.count {
            let answer = await perform(runs[next], in: pool, &outcome)
            if next == 0, case .success(let result) = answer {
                runs += SandboxRun.entries(of: script, defined: result.value, limits: limits)
            }
            next += 1
        }
        await repeatResult(runs, in: pool, &outcome)
        return outcome
    }

    /// Makes one run, and afterwards one of a script that is known to be good.
    @discardableResult
    private func perform(_ run: SandboxRun, in pool: WorkerPool, _ outcome: inout SandboxOutcome) async
        -> Result<ScriptResult, ScriptFailure>
    {
        let deaths = pool.health.deaths
        var (answer, duration) = await timed(run, in: pool)
        // The machine may have been busy with something else: what counts is whether it takes as long again.
        for _ in 0..<2 where duration > bound { (answer, duration) = await timed(run, in: pool) }
        let ending = SandboxEnding(answer)
        outcome.runs.append(SandboxOutcome.Run(name: run.name, ending: ending, duration: duration))
        if let expectation = outcome.expectation, !expectation.allows(ending) {
            outcome.faults.append(
                "\(run.name): it \(ending.words), and was to end as \(expectation.rawValue): \(ending.detail)"
            )
        }
        if ending.hasEscaped { outcome.faults.append("\(run.name): it escaped: \(ending.detail)") }
        if ending.isBroken || pool.health.deaths > deaths {
            outcome.faults.append("\(run.name): it broke its worker: \(ending.detail)")
        }
        if duration > bound {
            outcome.faults.append("\(run.name): it took \(duration), more than \(bound)")
        }
        if let harm = await harm(in: pool) {
            outcome.faults.append("\(run.name): it harmed the next script, which \(harm)")
        }
        return answer
    }

    private func timed(_ run: SandboxRun, in pool: WorkerPool) async -> (Result<ScriptResult, ScriptFailure>, Duration)
    {
        let start = ContinuousClock.now
        let answer = await pool.answer(run.request, calls: { SandboxWorld.answer($0) })
        return (answer, ContinuousClock.now - start)
    }

    /// What a script returns hangs on its inputs alone. Limits of time and memory do not end runs at the same place, so that those
    /// are not compared.
    private func repeatResult(_ runs: [SandboxRun], in pool: WorkerPool, _ outcome: inout SandboxOutcome) async {
        guard let run = runs.first(where: { $0.name == "result" }),
            let before = outcome.runs.first(where: { $0.name == "result" })?.ending, !before.isLimit
        else { return }
        await perform(SandboxRun(name: "result again", request: run.request), in: pool, &outcome)
        guard let after = outcome.runs.last?.ending, !after.isLimit else { return }
        if !after.isSame(as: before) {
            outcome.faults.append("the same run ends in two ways: \(before.detail) and \(after.detail)")
        }
    }

    /// What became of a script that is known to be good; nil where it gave its answer.
    private func harm(in pool: WorkerPool) async -> String? {
        var good = Self.good
        good.limits = limits
        let answer = await pool.answer(good)
        if case .success(let result) = answer, case .table(let fields) = result.value,
            fields == [ScriptValue.Field("answer", .integer(42)), ScriptValue.Field("text", .string("a,b,c"))]
        {
            return nil
        }
        let ending = SandboxEnding(answer)
        return "\(ending.words): \(ending.detail)"
    }

    /// Uses what a hostile script before it may have changed.
    private static let good = ScriptRequest(
        mode: .define,
        script: ScriptSource(
            name: "policies/scaling/known-good.lua",
            bytes: Array(
                """
                local sum, words = 0, {}
                for i = 1, 6 do sum = sum + i * 2 end
                for word in ("a b c"):gmatch("%a") do words[#words + 1] = word end
                return { answer = math.floor(sum), text = table.concat(words, ",") }
                """
                .utf8
            )
        )
    )
}
