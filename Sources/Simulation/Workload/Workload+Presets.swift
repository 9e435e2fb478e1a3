package import Domain

extension Workload {
    /// Names of the presets, sorted.
    package static let presets = ["daily", "demo-week", "flash-crowd", "growth", "outage", "steady", "weekly"]

    /// A workload by name; nil where there is none of that name.
    ///
    /// All begin on a Monday and last four weeks at five-minute steps, but for `demo-week`: three weeks at one minute with a
    /// sale each noon, of which the last has a flash crowd on Wednesday evening, to be seen after two weeks of history.
    package static func preset(_ name: String, seed: UInt64 = 1) -> Workload? {
        let noise = WorkloadPart.noise(level: 0.04, memory: .minutes(20))
        let day = WorkloadPart.daily(swing: 0.75, peakHour: 20)
        let week = WorkloadPart.weekly(weekend: 0.7)
        let parts: [WorkloadPart]
        switch name {
        case "steady": parts = [.base(1000), noise]
        case "daily": parts = [.base(2000), day, noise]
        case "weekly": parts = [.base(2000), day, week, noise]
        case "growth": parts = [.base(1200), .growth(perWeek: 0.12), day, week, noise]
        case "flash-crowd":
            parts = [
                .base(2000), day, week, noise,
                .flashCrowd(at: .after(days: 16, hours: 13), factor: 4, rise: .minutes(20), halfLife: .minutes(50)),
                .flashCrowd(at: .after(days: 24, hours: 9), factor: 2.5, rise: .minutes(10), halfLife: .minutes(90)),
            ]
        case "outage":
            parts = [
                .base(2000), day, week, noise,
                .outage(at: .after(days: 9, hours: 10), duration: .hours(3), measured: false),
                .outage(at: .after(days: 17, hours: 15), duration: .minutes(90), measured: true),
                .outage(at: .after(days: 22, hours: 2), duration: .hours(6), measured: false),
            ]
        case "demo-week":
            let parts: [WorkloadPart] = [
                .base(6000), .growth(perWeek: 0.03), day, week,
                .dailyCrowd(at: .hours(12), factor: 1.7, rise: .minutes(5), halfLife: .minutes(30)),
                .noise(level: 0.035, memory: .minutes(15)),
                .noise(level: 0.015, memory: .zero),
                .flashCrowd(at: .after(days: 16, hours: 18), factor: 2.2, rise: .minutes(25), halfLife: .minutes(60)),
            ]
            return Workload(step: .minutes(1), count: 21 * 1440, seed: seed, parts: parts)
        default: return nil
        }
        return Workload(step: .minutes(5), count: 28 * 288, seed: seed, parts: parts)
    }

    /// A random workload for properties that must hold under any load: any level, any season, spikes, outages, gaps, silence.
    package static func anyLoad(seed: UInt64, step: TimeSpan = .minutes(5), days: Int = 4) -> Workload {
        var generator = SeededGenerator(seed: seed).split(0xA11)
        func chance(_ share: Double) -> Bool { generator.uniform() < share }
        let length = TimeSpan.days(Int64(max(1, days)))
        func moment() -> TimeSpan {
            TimeSpan(milliseconds: Int64(generator.uniform() * Double(length.milliseconds)))
        }
        func minutes(_ range: ClosedRange<Double>) -> TimeSpan { .minutes(Int64(generator.uniform(in: range))) }

        // A level anywhere between one and a million, on a logarithmic scale.
        var level = 1.0
        for _ in 0..<Int(generator.uniform(in: 0...6.99)) { level *= 10 }
        var parts: [WorkloadPart] = [.base(level * generator.uniform(in: 1...10))]
        if chance(0.4) { parts.append(.growth(perWeek: generator.uniform(in: -0.4...0.8))) }
        if chance(0.8) {
            parts.append(.daily(swing: generator.uniform(in: 0.1...1), peakHour: generator.uniform(in: 0...24)))
        }
        if chance(0.5) { parts.append(.weekly(weekend: generator.uniform(in: 0...1.6))) }
        parts.append(.noise(level: generator.uniform(in: 0...0.5), memory: minutes(0...240)))
        while chance(0.5), parts.count < 9 {
            parts.append(
                .flashCrowd(
                    at: moment(),
                    factor: generator.uniform(in: 1.2...12),
                    rise: minutes(0...60),
                    halfLife: minutes(5...240)
                )
            )
        }
        while chance(0.35), parts.count < 12 {
            parts.append(.outage(at: moment(), duration: minutes(5...600), measured: chance(0.5)))
        }
        let count = Int(clamping: length.milliseconds / max(1, step.milliseconds))
        return Workload(step: step, count: count, seed: generator.next(), parts: parts)
    }
}

extension TimeSpan {
    fileprivate static func after(days: Int64, hours: Int64) -> TimeSpan { .hours(days * 24 + hours) }
}
