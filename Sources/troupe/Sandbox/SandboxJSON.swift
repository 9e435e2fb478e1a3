import SandboxTesting
import ScriptProtocol

/// What `troupe sandbox test --json` prints.
struct SandboxJSON: Encodable {
    let ok: Bool
    let rounds: Int
    let runs: Int
    let kills: Int
    let deaths: Int
    let longestMilliseconds: Double
    let allowedMilliseconds: Double
    let hostMemoryBytes: [Int64]
    /// As a share of the first round's.
    let hostGrowth: Double?
    /// One for each script and round.
    let scripts: [Script]

    struct Script: Encodable {
        let script: String
        let expected: String?
        let ended: String
        let held: Bool
        let faults: [String]
        let milliseconds: Double
        let peakMemoryBytes: Int64
        let runs: [Run]
    }

    struct Run: Encodable {
        let run: String
        let ended: String
        let detail: String
        let milliseconds: Double
        let peakMemoryBytes: Int64
        let instructions: Int64
    }

    init(_ report: SandboxReport, rounds: Int) {
        ok = report.held
        self.rounds = rounds
        runs = report.runs
        kills = report.kills
        deaths = report.deaths
        longestMilliseconds = report.longest / .milliseconds(1)
        allowedMilliseconds = report.bound / .milliseconds(1)
        hostMemoryBytes = report.hostMemoryBytes
        hostGrowth = report.hostGrowth
        scripts = report.outcomes.map { outcome in
            Script(
                script: outcome.script,
                expected: outcome.expectation?.rawValue,
                ended: outcome.telling?.ending.words ?? "not run",
                held: outcome.held,
                faults: outcome.faults,
                milliseconds: outcome.longest / .milliseconds(1),
                peakMemoryBytes: outcome.peakMemoryBytes,
                runs: outcome.runs.map { run in
                    Run(
                        run: run.name,
                        ended: run.ending.words,
                        detail: run.ending.detail,
                        milliseconds: run.duration / .milliseconds(1),
                        peakMemoryBytes: run.ending.usage.peakMemoryBytes,
                        instructions: run.ending.usage.instructions
                    )
                }
            )
        }
    }
}
