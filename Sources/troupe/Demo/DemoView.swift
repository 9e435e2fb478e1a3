import Control
import Domain
import Forecasting
import Foundation
import ServiceLifecycle
import Simulation
import Synchronization

/// A live Troupe as it runs: a picture that is drawn anew in a terminal, or a few lines every three simulated hours elsewhere.
final class DemoView: Sendable {
    private struct State {
        /// Of the fleet that is looked at, by minute: its capacity when that minute was last seen.
        var capacity: [Int64: Double] = [:]
        var minutes = 0
        var short = 0
        var last: Timestamp?
        /// Lines of the picture that stands.
        var drawn = 0
        var address = ""
        var folder = ""
        var forecast: DemandForecast?
    }

    let clock: ScaledClock
    private let world: DemoWorld
    private let events: DemoEvents
    private let isSilent: Bool
    private let style = Output.style
    private let isPicture: Bool
    private let state = Mutex(State())
    private let start: Timestamp

    /// Simulated time to the left and to the right of now.
    private static let past = TimeSpan.hours(30)
    private static let ahead = TimeSpan.hours(8)
    private static let minute = TimeSpan.minutes(1)
    /// One point of the chart.
    private static let point = TimeSpan.minutes(5)

    init(_ world: DemoWorld, events: DemoEvents, clock: ScaledClock, speed: Double, isSilent: Bool) {
        self.world = world
        self.events = events
        self.clock = clock
        self.isSilent = isSilent
        start = clock.now
        let size = Terminal.size
        isPicture = !isSilent && Terminal.isOutput && style.colour && size.columns >= 60 && size.rows >= 20
    }

    func listens(at address: String, data folder: String) {
        state.withLock { state in
            state.address = address
            state.folder = folder
        }
        guard !isSilent, !isPicture else { return }
        Output.line("API at \(address); for other commands meanwhile: export TROUPE_DATA=\(folder)")
    }

    /// Simulated time between two looks: a twelfth of a second of real time, but a minute at most, so that none is missed.
    var pause: TimeSpan { TimeSpan(milliseconds: min(60_000, max(50, Int64(clock.speed * 1000 / 12)))) }

    /// Looks at the fleets, and draws them.
    func show() async {
        let fleets = await world.control.fleets()
        let gauges = await world.control.gauges()
        let forecast = try? world.control.forecast(of: world.fleet.name, through: Self.ahead)
        let now = clock.now
        guard let status = fleets.first(where: { $0.name == world.fleet.name }),
            let gauge = gauges.first(where: { $0.fleet == world.fleet.name })
        else { return }
        note(gauge, forecast, at: now)
        guard !isSilent else { return }
        if isPicture {
            draw(status, gauge, fleets, at: now)
        } else if fleets.allSatisfy({ $0.lastDecision != nil }), isNewPeriod(now) {
            for fleet in fleets {
                let capacity = gauges.first { $0.fleet == fleet.name }?.capacity ?? 0
                Output.line(
                    "\(Self.clock(now))  \(fleet.name): \(figures(fleet, capacity))  \(fleet.lastDecision?.reason ?? "")"
                )
            }
        }
    }

    /// Leaves the last picture standing and gives the cursor back.
    func end() {
        if isPicture { Terminal.write("\u{1B}[?25h\n") } else if !isSilent { Output.line() }
    }

    /// What came of it.
    var summary: DemoSummary {
        let (minutes, short) = state.withLock { ($0.minutes, $0.short) }
        let (decisions, changed) = events.counts
        return DemoSummary(
            fleet: world.fleet.name,
            simulated: clock.now - start,
            decisions: decisions,
            changes: changed,
            minutes: minutes,
            minutesShort: short
        )
    }

    // MARK: What is kept

    private func note(_ gauge: FleetGauges, _ forecast: DemandForecast?, at now: Timestamp) {
        let demand = world.load.demand(at: now)
        let minute = now.milliseconds / Self.minute.milliseconds
        state.withLock { state in
            if let forecast { state.forecast = forecast }
            if state.capacity[minute] == nil {
                state.minutes += 1
                if demand > gauge.capacity * (1 + 1e-9) { state.short += 1 }
            }
            state.capacity[minute] = gauge.capacity
            guard state.capacity.count > 6000 else { return }
            let oldest = minute - (Self.past.milliseconds / Self.minute.milliseconds)
            state.capacity = state.capacity.filter { $0.key >= oldest }
        }
    }

    private func isNewPeriod(_ now: Timestamp) -> Bool {
        state.withLock { state in
            defer { state.last = now }
            let period = TimeSpan.hours(3).milliseconds
            return state.last.map { $0.milliseconds / period != now.milliseconds / period } ?? true
        }
    }

    // MARK: The picture

    private func draw(_ status: FleetStatus, _ gauge: FleetGauges, _ fleets: [FleetStatus], at now: Timestamp) {
        let size = Terminal.size
        let width = min(size.columns - 1, 160)
        let (drawn, address, folder) = state.withLock { ($0.drawn, $0.address, $0.folder) }
        let decisions = size.rows >= 34 ? 5 : 3
        let table = table(fleets, width: width)
        let height = max(6, min(24, size.rows - decisions - table.count - 6))
        var lines = [
            style.paint("troupe demo", .normal, bold: true) + "  \(status.name), \(Self.clock(now))  "
                + style.paint("\(NumberText.plain(clock.speed)) × real time", .dim),
            figures(status, gauge.capacity),
        ]
        lines += chart(at: now, width: width, height: height).lines(style)
        lines += table
        lines.append(style.paint("decisions for \(status.name)", .dim))
        let changes = events.changes(of: status.name, decisions)
        for change in changes { lines.append("\(Self.clock(change.at))  \(change.reason)") }
        for _ in changes.count..<decisions { lines.append("") }
        lines.append(style.paint("\(address)   export TROUPE_DATA=\(folder)   Ctrl-C ends", .dim))
        lines = lines.map { cut($0, to: width) }

        // Back to the first line of the last picture; each line is written over, and what was longer before is cleared.
        var text = drawn > 0 ? "\r\u{1B}[\(drawn - 1)A" : "\u{1B}[?25l"
        text += lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
        Terminal.write(text)
        state.withLock { $0.drawn = lines.count }
    }

    /// Painted lines are made to fit; only plain ones can be too long.
    private func cut(_ line: String, to width: Int) -> String {
        line.contains("\u{1B}") ? line : TextWidth.cut(line, to: width, unicode: style.unicode)
    }

    private func table(_ fleets: [FleetStatus], width: Int) -> [String] {
        var table = TextTable(columns: [
            .left("fleet"), .right("demand"), .right("ahead"), .right("ready"), .right("starting"), .right("target"),
            .right("trust"), .left("last decision"),
        ])
        for fleet in fleets.prefix(6) {
            let figures = [
                fleet.name, fleet.demand.map(NumberText.amount) ?? fleet.demandStatus,
                fleet.forecast.map { NumberText.amount($0.ahead) } ?? "", "\(fleet.ready)", "\(fleet.starting)",
                fleet.target.map(String.init) ?? "", fleet.forecast.map { NumberText.percent($0.trust) } ?? "",
            ]
            let room = max(8, width - 64)
            let reason = TextWidth.cut(fleet.lastDecision?.reason ?? "", to: room, unicode: style.unicode)
            table.append(.init(figures + [reason], bold: fleet.name == world.fleet.name))
        }
        return table.lines(style)
    }

    private func chart(at now: Timestamp, width: Int, height: Int) -> LineChart {
        let step = Self.point.milliseconds
        let back = Int(Self.past.milliseconds / step)
        let ahead = Int(Self.ahead.milliseconds / step)
        let (known, forecast) = state.withLock { ($0.capacity, $0.forecast) }
        let times = (0..<back).map { now - TimeSpan(milliseconds: step * Int64(back - 1 - $0)) }
        let capacity = times.map { time -> Double in
            let minute = time.milliseconds / Self.minute.milliseconds
            // A look may have been late; the capacity of the minutes before still stands.
            for earlier in 0..<10 { if let value = known[minute - Int64(earlier)] { return value } }
            return .nan
        }
        let future = [Double](repeating: .nan, count: ahead)
        let before = [Double](repeating: .nan, count: back)
        func curve(_ quantile: Double) -> [Double] {
            guard let forecast, !forecast.isEmpty else { return future }
            return (1...ahead)
                .map { index in
                    let time = now.milliseconds + step * Int64(index)
                    let steps = (time - forecast.originMilliseconds) / max(1, forecast.stepMilliseconds)
                    guard steps >= 1, steps <= forecast.horizon else { return .nan }
                    return forecast.value(ahead: Int(steps), quantile: quantile)
                }
        }
        return LineChart(
            width: width,
            height: height,
            series: [
                .init("capacity", values: capacity + future, colour: .blue, mark: ".", isArea: true),
                .init("forecast, 95 %", values: before + curve(0.95), colour: .yellow, mark: "^"),
                .init("forecast, median", values: before + curve(0.5), colour: .magenta, mark: "-"),
                .init("demand", values: times.map { world.load.demand(at: $0) } + future, colour: .green, mark: "#"),
            ],
            start: Self.clock(now - Self.past),
            end: Self.clock(now + Self.ahead)
        )
    }

    // MARK: Words

    private func figures(_ fleet: FleetStatus, _ capacity: Double) -> String {
        var text = "demand \(fleet.demand.map(NumberText.amount) ?? fleet.demandStatus)"
        if let forecast = fleet.forecast {
            text += ", in \(forecast.leadTime.inWords) up to \(NumberText.amount(forecast.ahead))"
        }
        text += ", capacity \(NumberText.amount(capacity)): \(fleet.ready) ready"
        if fleet.starting > 0 { text += " + \(fleet.starting) starting" }
        if let demand = fleet.demand, demand > capacity * (1 + 1e-9) {
            text += style.paint("  short by \(NumberText.amount(demand - capacity))", .red)
        }
        return text
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

/// Draws, until the demo's end comes or someone ends it.
struct DemoViewService: Service {
    let view: DemoView
    let end: Timestamp?

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled, end.map({ view.clock.now < $0 }) ?? true {
                await view.show()
                try? await view.clock.sleep(until: view.clock.now + view.pause)
            }
        }
    }
}
