import Foundation
import SandboxTesting
import ScriptProtocol
import Simulation

/// The outcomes of scripts as lines of text.
struct SandboxTable {
    let style: TerminalStyle
    /// Of the longest name.
    let width: Int

    private var columns: Int { max(6, min(width, 48)) }

    var heading: String {
        "\("script".padded(columns))  \("expected".padded(9))  \("ended".padded(18))  \("time".padded(9, right: true))"
            + "  \("memory".padded(9, right: true))"
    }

    func row(_ outcome: SandboxOutcome) -> String {
        let mark =
            outcome.held
            ? style.paint(style.unicode ? "✓" : "ok", .green) : style.paint(style.unicode ? "✗" : "FAIL", .red)
        let expected = outcome.expectation?.rawValue ?? "-"
        let ended = outcome.telling?.ending.words ?? "not run"
        return "\(outcome.script.padded(columns))  \(expected.padded(9))  \(ended.padded(18))"
            + "  \(Self.time(outcome.longest).padded(9, right: true))"
            + "  \(Self.memory(outcome.peakMemoryBytes).padded(9, right: true))  \(mark)"
    }

    func fault(_ text: String, round: Int?) -> String {
        let place = round.map { "round \($0): " } ?? ""
        return "    \(style.paint("\(place)\(text)", .red))"
    }

    /// Each run of a script.
    func details(_ outcome: SandboxOutcome) -> [String] {
        outcome.runs.map { run in
            "    \(run.name.padded(14))  \(run.ending.words.padded(18))  \(Self.time(run.duration).padded(9, right: true))"
                + "  \(Self.memory(run.ending.usage.peakMemoryBytes).padded(9, right: true))  \(run.ending.detail)"
        } + [outcome.held ? "    the host and the next script are well" : "    the sandbox did not hold"]
    }

    func summary(_ report: SandboxReport, rounds: Int) -> [String] {
        let failed = Set(report.outcomes.filter { !$0.held }.map(\.script)).count
        let scripts = report.outcomes.count / max(1, rounds)
        let memory = report.hostMemoryBytes.map(Self.memory).joined(separator: ", ")
        var growth = "host memory \(memory)"
        if let share = report.hostGrowth {
            let verdict = report.isHostFlat ? "at most" : "more than the allowed"
            growth +=
                " (\(Self.percent(share)) after the first round; \(verdict) \(Self.percent(SandboxReport.allowedGrowth)))"
        }
        return [
            "",
            "\(scripts) \(scripts == 1 ? "script" : "scripts"), \(rounds) \(rounds == 1 ? "round" : "rounds"), \(report.runs) runs: "
                + "\(scripts - failed) held, \(failed) did not; \(report.kills) workers killed, \(report.deaths) died",
            "longest run \(Self.time(report.longest)), allowed \(Self.time(report.bound))",
            growth,
        ]
    }

    private static func time(_ duration: Duration) -> String { String(format: "%.1f ms", duration / .milliseconds(1)) }

    private static func memory(_ bytes: Int64) -> String { String(format: "%.1f MiB", Double(bytes) / 1_048_576) }

    private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
}

extension String {
    fileprivate func padded(_ width: Int, right: Bool = false) -> String {
        let gap = String(repeating: " ", count: max(0, width - count))
        return right ? gap + self : self + gap
    }
}
