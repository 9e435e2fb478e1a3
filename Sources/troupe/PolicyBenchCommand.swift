import ArgumentParser
import Decision
import Domain
import Foundation
import ScriptProtocol
import Scripting
import Workers

struct PolicyBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures how fast a policy is evaluated.",
        discussion: """
            Runs `propose` on a made-up observation, in the script workers that the server uses: first one run after the other, which \
            gives the time of a round trip, then as many at once as the workers take, which gives their throughput. With --workspace \
            the policy is one of that workspace, with its fleet and personas; without, the file stands alone.

              troupe policy bench policies/scaling/latency-guard.lua
              troupe policy bench policies/scaling/latency-guard.lua --workspace .
            """
    )

    @Argument(help: "The file of the policy.", completion: .file(extensions: ["lua"]))
    var file: String

    @Option(name: .shortAndLong, help: "The folder that holds `policies/`. (default: none)", completion: .directory)
    var workspace: String?

    @Option(help: "Worker processes.")
    var workers = 2

    @Option(help: "How long each of the two measurements takes.")
    var seconds = 2.0

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...64).contains(workers) else {
            throw ValidationError("--workers is \(workers): give a number from 1 to 64.")
        }
        guard seconds >= 0.1, seconds <= 600 else {
            throw ValidationError("--seconds is \(seconds): give a number from 0.1 to 600.")
        }
    }

    func run() async throws {
        try await output.reporting {
            let pool = try WorkerPool(configuration: WorkerPoolConfiguration(size: workers))
            defer { pool.shutdown() }
            let (policy, observation) = try await subject(pool)
            let runner = PolicyRunner(
                policy: policy,
                fleet: observation.fleet,
                personas: observation.personas,
                workers: pool
            )
            let (first, speed) = await runner.speed(observation.context, seconds: seconds)
            if output.json {
                try Output.json(Report(policy: policy.name, workers: workers, ending: Self.ending(first), speed: speed))
            } else {
                for line in lines(policy, first, speed) { Output.line(line) }
            }
        }
    }

    private struct Report: Encodable {
        let policy: String
        let workers: Int
        let ending: String
        let speed: PolicySpeed
    }

    private func subject(_ pool: WorkerPool) async throws -> (Policy, MadeUpObservation) {
        let url = URL(fileURLWithPath: file)
        guard let bytes = try? Data(contentsOf: url) else {
            throw Failure("\(file) cannot be read: give the file of a policy, for example policies/scaling/NAME.lua")
        }
        guard let workspace else {
            let name = url.deletingPathExtension().lastPathComponent
            let script = ScriptSource(name: file, bytes: Array(bytes))
            return (Policy(name: name, script: script), MadeUpObservation(policy: name))
        }
        let loaded: Workspace
        do {
            loaded = try await Workspace.load(
                folder: URL(fileURLWithPath: workspace, isDirectory: true),
                workers: pool
            )
        } catch {
            throw Failure(error.diagnostics.map(\.description) + ["nothing was loaded from \(workspace)"])
        }
        guard let policy = loaded.policies.first(where: { $0.script.bytes == Array(bytes) }) else {
            let known = loaded.policies.map(\.script.name).joined(separator: ", ")
            throw Failure("\(file) is no policy of the workspace \(workspace); its policies are \(known)")
        }
        guard let fleet = loaded.fleets.first(where: { $0.policies.contains(policy.name) }) else {
            return (policy, MadeUpObservation(policy: policy.name))
        }
        return (policy, MadeUpObservation(fleet: fleet, personas: loaded.personas(of: fleet)))
    }

    private func lines(_ policy: Policy, _ first: PolicyRun, _ speed: PolicySpeed) -> [String] {
        var lines = [
            "\(policy.name): \(Self.ending(first)); \(first.usage.instructions) instructions, "
                + "\(first.usage.peakMemoryBytes / 1024) KiB",
            String(
                format: "round trip   median %.0f µs, p99 %.0f µs, of the median %.0f µs in the script (%d runs)",
                speed.medianMicroseconds,
                speed.p99Microseconds,
                speed.scriptMedianMicroseconds,
                speed.roundTrips
            ),
            String(
                format: "throughput   %.0f evaluations/s over %d workers (%d runs)",
                speed.perSecond,
                workers,
                speed.pipelined
            ),
            String(
                format: "CPU          %.1f µs of the host and %.1f µs of a worker for each",
                speed.hostCPUMicroseconds,
                speed.workerCPUMicroseconds
            ),
        ]
        if speed.deviations > 0 {
            lines.append(
                "\(speed.deviations) runs did not end as the first one did: the figures are not those of the policy"
            )
        }
        return lines
    }

    private static func ending(_ run: PolicyRun) -> String {
        switch run.outcome.ending {
        case .proposed(let proposals): "\(proposals.count) proposal\(proposals.count == 1 ? "" : "s")"
        case .blind(let what): "blind (\(what))"
        case .failed(let what): "failed (\(what))"
        }
    }
}
