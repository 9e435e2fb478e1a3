import Control
import Decision
import Domain
import Forecasting
import Foundation
import Simulation

/// The demo as it runs: a picture that is drawn anew in a terminal, or a line every few hours elsewhere.
struct DemoView {
    private let scenario: BacktestScenario
    private let fleet: String
    private let kpi: String
    private let isSilent: Bool
    private let style = Output.style
    private let isPicture: Bool
    /// Steps from one picture to the next, and how long it stands.
    private let stride: Int
    private let pause: Duration
    private var next = ContinuousClock.now
    private var drawn = 0
    private var demand: [Double] = []
    private var capacity: [Double] = []
    /// The last decisions that changed something, the newest last.
    private var changes: [String] = []

    /// Simulated time to the left and to the right of now.
    private static let past = TimeSpan.hours(36)
    private static let ahead = TimeSpan.hours(8)
    private static let framesPerSecond = 12.0

    /// - Parameter speed: simulated hours per second; 0 = no pauses.
    init(_ scenario: BacktestScenario, fleet: String, kpi: String, speed: Double, isSilent: Bool) {
        self.scenario = scenario
        self.fleet = fleet
        self.kpi = kpi
        self.isSilent = isSilent
        let size = Terminal.size
        isPicture = !isSilent && Terminal.isOutput && style.colour && size.columns >= 60 && size.rows >= 18
        let stepsPerFrame = (speed > 0 ? speed : 48) / Self.framesPerSecond / scenario.trace.step.hours
        stride = max(1, Int(stepsPerFrame.rounded()))
        pause = speed > 0 ? .seconds(Double(stride) * scenario.trace.step.hours / speed) : .zero
    }

    mutating func begin() {
        guard isPicture else { return }
        Terminal.restoreCursorOnInterrupt()
        Terminal.write("\u{1B}[?25l")
        next = .now
    }

    /// Takes one step, and draws where one is due.
    mutating func show(_ step: SimulationStep, _ forecaster: FleetForecaster) {
        guard !isSilent else { return }
        demand.append(step.demand)
        capacity.append(step.capacity)
        let decision = step.record.decision
        if decision.outcome != .hold {
            changes.append("\(Self.clock(step.now))  \(decision.reason)")
            if changes.count > 64 { changes.removeFirst(32) }
        }
        if isPicture {
            guard demand.count % stride == 0 || step.index == scenario.trace.count - 1 else { return }
            draw(step, forecaster)
            wait()
        } else if step.now.milliseconds % TimeSpan.hours(3).milliseconds == 0 {
            Output.line("\(Self.clock(step.now))  \(figures(step))  \(decision.reason)")
        }
    }

    /// Leaves the last picture standing and gives the cursor back.
    mutating func end() {
        if isPicture { Terminal.write("\u{1B}[?25h\n") } else if !isSilent { Output.line() }
    }

    private mutating func wait() {
        next += pause
        let now = ContinuousClock.now
        if next > now { Thread.sleep(forTimeInterval: (next - now) / .seconds(1)) } else { next = now }
    }

    // MARK: The picture

    private mutating func draw(_ step: SimulationStep, _ forecaster: FleetForecaster) {
        let size = Terminal.size
        let width = min(size.columns - 1, 160)
        let decisions = size.rows >= 30 ? 6 : 4
        let height = min(26, size.rows - decisions - 5)
        var lines = [
            style.paint("troupe demo", .normal, bold: true) + "  \(fleet), \(Self.clock(step.now))  "
                + style.paint(day(step), .dim),
            figures(step),
        ]
        lines += chart(step, forecaster, width: width, height: height).lines(style)
        lines.append(style.paint("decisions", .dim))
        let shown = Array(changes.suffix(decisions))
        for text in shown { lines.append(TextWidth.cut(text, to: width, unicode: style.unicode)) }
        for _ in shown.count..<decisions { lines.append("") }

        // Back to the first line of the last picture; each line is written over, and what was longer before is cleared.
        var text = drawn > 0 ? "\r\u{1B}[\(drawn - 1)A" : ""
        text += lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
        Terminal.write(text)
        drawn = lines.count
    }

    private func chart(
        _ step: SimulationStep,
        _ forecaster: FleetForecaster,
        width: Int,
        height: Int
    ) -> LineChart {
        let stepMilliseconds = scenario.trace.step.milliseconds
        let back = Int(Self.past.milliseconds / stepMilliseconds)
        let ahead = Int(Self.ahead.milliseconds / stepMilliseconds)
        let shown = min(back, demand.count)
        let gap = [Double](repeating: .nan, count: back - shown)
        let future = [Double](repeating: .nan, count: ahead)
        let before = [Double](repeating: .nan, count: back)
        let forecast = forecaster.forecast(through: Self.ahead)
        let steps = forecast.isEmpty ? [] : Array(1...max(1, min(ahead, forecast.horizon)))
        return LineChart(
            width: width,
            height: height,
            series: [
                .init(
                    "capacity",
                    values: gap + capacity.suffix(shown) + future,
                    colour: .blue,
                    mark: ".",
                    isArea: true
                ),
                .init(
                    "forecast, \(NumberText.percent(forecaster.quantile))",
                    values: before + steps.map { forecast.value(ahead: $0, quantile: forecaster.quantile) },
                    colour: .yellow,
                    mark: "^"
                ),
                .init(
                    "forecast, median",
                    values: before + steps.map { forecast.value(ahead: $0, quantile: 0.5) },
                    colour: .magenta,
                    mark: "-"
                ),
                .init("demand", values: gap + demand.suffix(shown) + future, colour: .green, mark: "#"),
            ],
            start: Self.clock(step.now - Self.past),
            end: Self.clock(step.now + Self.ahead),
            top: peak
        )
    }

    /// The scale stays the same all week, so that what moves is the demand.
    private var peak: Double {
        let known = scenario.trace.values[scenario.firstScored...].lazy.filter { !$0.isNaN }
        return max((known.max() ?? 1) * 1.1, capacity.max() ?? 0)
    }

    // MARK: Words

    private func figures(_ step: SimulationStep) -> String {
        let input = step.record.input
        let demand = step.demand.isNaN ? "not known" : NumberText.amount(step.demand)
        var text = "demand \(demand)"
        if let outlook = input.outlook, let ahead = outlook.values.dropLast(2).last ?? outlook.values.last {
            text += ", in \(scenario.lead) up to \(NumberText.amount(ahead))"
        }
        let starting = step.billed - step.ready
        text += ", capacity \(NumberText.amount(step.capacity)): \(step.ready) ready"
        if starting > 0 { text += " + \(starting) starting" }
        if !step.demand.isNaN, step.demand > step.capacity * (1 + 1e-9) {
            text += style.paint("  short by \(NumberText.amount(step.demand - step.capacity))", .red)
        }
        return text
    }

    private func day(_ step: SimulationStep) -> String {
        let total = Int(scenario.scoredDays.rounded(.up))
        let done = Double(step.index - scenario.firstScored) * scenario.trace.step.hours / 24
        return "day \(min(total, Int(done) + 1)) of \(total)"
    }

    /// `Wed 18:25`.
    private static func clock(_ time: Timestamp) -> String {
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let minutes = time.milliseconds / 60_000
        let day = minutes / 1440
        let clock = minutes % 1440
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(names[Int(((day % 7) + 7) % 7)]) \(two(abs(clock) / 60)):\(two(abs(clock) % 60))"
    }
}
