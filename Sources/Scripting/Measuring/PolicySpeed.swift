import Foundation
import ScriptProtocol
import Synchronization
import Workers

/// How fast a policy is evaluated, from the request that is ready to be sent to the answer that is decoded.
package struct PolicySpeed: Hashable, Sendable, Codable {
    /// One after the other, each alone in the pool.
    package var roundTrips = 0
    package var medianMicroseconds = 0.0
    package var p99Microseconds = 0.0
    /// What of the median the script itself took, in its worker.
    package var scriptMedianMicroseconds = 0.0
    /// As many at once as the pool takes.
    package var pipelined = 0
    package var perSecond = 0.0
    /// Processor time of this process and of the workers together, per pipelined evaluation.
    package var hostCPUMicroseconds = 0.0
    package var workerCPUMicroseconds = 0.0
    /// Evaluations that did not end as the first one did.
    package var deviations = 0
    /// How one of them ended.
    package var deviation: String?
}

extension PolicyRunner {
    /// Measures `propose` on one and the same observation, for twice `seconds`.
    ///
    /// - Returns: the first, unmeasured run, and the figures.
    package func speed(_ context: PolicyContext, seconds: Double) async -> (run: PolicyRun, speed: PolicySpeed) {
        // Twice: the first run tells what the policy looks at, the second has it sent along.
        _ = await propose(context)
        let run = await propose(context)
        let request = request("propose", context, Answers(context: context), state: .null)
        let expected = Self.ending(await workers.answer(request))
        var speed = PolicySpeed()
        await measureRoundTrips(request, expected, seconds, &speed)
        await measureThroughput(request, expected, seconds, &speed)
        return (run, speed)
    }

    private func measureRoundTrips(
        _ request: ScriptRequest,
        _ expected: String,
        _ seconds: Double,
        _ speed: inout PolicySpeed
    ) async {
        let clock = ContinuousClock()
        for _ in 0..<200 { _ = await workers.answer(request) }
        var times: [Double] = []
        var inside: [Double] = []
        let end = clock.now + .seconds(seconds)
        while clock.now < end {
            let start = clock.now
            let answer = await workers.answer(request)
            times.append((clock.now - start) / .microseconds(1))
            if case .success(let result) = answer { inside.append(Double(result.usage.wallMicroseconds)) }
            let ending = Self.ending(answer)
            if ending != expected {
                speed.deviations += 1
                speed.deviation = ending
            }
        }
        speed.roundTrips = times.count
        speed.medianMicroseconds = Self.quantile(0.5, of: times)
        speed.p99Microseconds = Self.quantile(0.99, of: times)
        speed.scriptMedianMicroseconds = Self.quantile(0.5, of: inside)
    }

    private func measureThroughput(
        _ request: ScriptRequest,
        _ expected: String,
        _ seconds: Double,
        _ speed: inout PolicySpeed
    ) async {
        let clock = ContinuousClock()
        let workers = workers
        let before = ProcessorTime(workers: workers.health.workers)
        let start = clock.now
        let end = start + .seconds(seconds)
        let counts = await withTaskGroup(of: (Int, Int, String?).self) { group in
            for _ in 0..<workers.capacity {
                group.addTask {
                    var count = 0
                    var deviations = 0
                    var deviation: String?
                    while clock.now < end {
                        let ending = Self.ending(await workers.answer(request))
                        if ending != expected {
                            deviations += 1
                            deviation = ending
                        }
                        count += 1
                    }
                    return (count, deviations, deviation)
                }
            }
            return await group.reduce(into: (0, 0, nil)) { $0 = ($0.0 + $1.0, $0.1 + $1.1, $0.2 ?? $1.2) }
        }
        let took = (clock.now - start) / .seconds(1)
        let after = ProcessorTime(workers: workers.health.workers)
        speed.pipelined = counts.0
        speed.deviations += counts.1
        speed.deviation = speed.deviation ?? counts.2
        speed.perSecond = Double(counts.0) / took
        speed.hostCPUMicroseconds = (after.host - before.host) * 1e6 / Double(max(1, counts.0))
        speed.workerCPUMicroseconds = (after.workers - before.workers) * 1e6 / Double(max(1, counts.0))
    }

    /// What two evaluations of one observation have in common.
    private static func ending(_ answer: Result<ScriptResult, ScriptFailure>) -> String {
        switch answer {
        case .success(let result): "\(result.usage.instructions) instructions"
        case .failure(let failure): failure.located
        }
    }

    private static func quantile(_ quantile: Double, of values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[min(values.count - 1, Int(Double(values.count) * quantile))]
    }
}

/// Seconds of processor time so far.
private struct ProcessorTime {
    var host: Double
    var workers: Double

    init(workers: [Int32]) {
        var used = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used)
        host =
            Double(used.ru_utime.tv_sec + used.ru_stime.tv_sec)
            + Double(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6
        let tick = Double(sysconf(Int32(_SC_CLK_TCK)))
        self.workers = workers.reduce(0) { sum, worker in
            // The name in parentheses may hold anything; utime and stime are the 12th and 13th behind it.
            guard let stat = try? String(contentsOfFile: "/proc/\(worker)/stat", encoding: .utf8),
                let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 12
            else { return sum }
            return sum + ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / tick
        }
    }
}
