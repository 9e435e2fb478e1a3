import Foundation
import Simulation

/// How far a backtest is, on standard error: a line that moves in a terminal, one line for each tenth elsewhere.
struct BacktestProgress {
    private let scenario: BacktestScenario
    private let visible: Bool
    private let isTerminal = Terminal.isError
    private let style = TerminalStyle(isTerminal: Terminal.isError, environment: ProcessInfo.processInfo.environment)
    private let start = ContinuousClock.now
    private var lastShown: ContinuousClock.Instant?
    private var lastTenth = 0

    init(_ scenario: BacktestScenario, visible: Bool) {
        self.scenario = scenario
        self.visible = visible
    }

    mutating func show(_ step: SimulationStep) {
        guard visible else { return }
        let total = scenario.trace.count - scenario.firstScored
        let done = step.index - scenario.firstScored + 1
        let note = "\(scenario.trace.label(at: step.index))  \(step.billed) resources"
        let now = ContinuousClock.now
        if isTerminal {
            if let lastShown, now - lastShown < .milliseconds(100), done < total { return }
            lastShown = now
            Terminal.write("\r\u{1B}[2K" + text(done, total, now, note), to: STDERR_FILENO)
        } else if total > 0, done * 10 / total > lastTenth {
            lastTenth = done * 10 / total
            Output.note(text(done, total, now, note))
        }
    }

    /// Clears the line that moves.
    func end() {
        if visible, isTerminal { Terminal.write("\r\u{1B}[2K", to: STDERR_FILENO) }
    }

    private func text(_ done: Int, _ total: Int, _ now: ContinuousClock.Instant, _ note: String) -> String {
        let elapsed = (now - start) / .seconds(1)
        return ProgressLine.text(
            done: done,
            of: total,
            elapsed: elapsed,
            note: note,
            width: Terminal.size.columns,
            style: style
        )
    }
}
