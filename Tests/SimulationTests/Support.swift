import Decision
import Domain
import Foundation

@testable import Simulation

/// The traces and tools that lie beside the repository, if they do.
enum Shared {
    static let folder: String? = {
        if let named = ProcessInfo.processInfo.environment["TROUPE_SHARED"] { return named }
        // Tests/SimulationTests/Support.swift is three levels below the package; also where the folder is a link.
        let here = URL(fileURLWithPath: #filePath)
        for file in [here, here.resolvingSymlinksInPath()] {
            let root = file.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            let folder = root.deletingLastPathComponent().appendingPathComponent("shared").path
            if FileManager.default.fileExists(atPath: folder) { return folder }
        }
        return nil
    }()

    static func trace(_ name: String) -> String? {
        guard let path = folder.map({ "\($0)/traces/\(name)" }), FileManager.default.fileExists(atPath: path)
        else { return nil }
        return path
    }

    static var scorer: String? {
        guard let path = folder.map({ "\($0)/bench/scaling_score.py" }), FileManager.default.fileExists(atPath: path)
        else { return nil }
        return path
    }
}

extension DemandTrace {
    /// As a CSV file has it.
    var csv: String {
        var text = "timestamp,value\n"
        for i in 0..<count {
            text += label(at: i) + ","
            if !values[i].isNaN { text += values[i].description }
            text += "\n"
        }
        return text
    }
}

/// A scaler for tests of what lies around decisions: it asks for what the demand one lead time on will be, or for a share of it.
struct RehearsedRun {
    var timeline = CapacityTimeline()
    var series: ReportSeries

    init(_ scenario: BacktestScenario, share: Double = 1.05) {
        let trace = scenario.trace
        series = ReportSeries(first: scenario.firstScored, count: trace.count)
        var fleet = SimulatedFleet(
            name: "shop",
            personas: ["web"],
            start: trace.timestamp(at: 0),
            lead: scenario.lead
        )
        fleet.seedReady(count: scenario.needed(for: scenario.filled[0]), persona: "web")
        for t in 0..<trace.count {
            fleet.advance(to: trace.timestamp(at: t))
            let ahead = scenario.filled[max(0, min(trace.count - 1, t + scenario.leadSteps - 3))]
            let target = scenario.needed(for: max(ahead, scenario.filled[t]) * share)
            let change = target - fleet.billed
            var plan = Plan()
            if change > 0 { plan.start = [PersonaCount(persona: "web", count: change)] }
            if change < 0 { plan.retire = Self.retire(-change, from: fleet.groups()) }
            let decision = Decision(
                fleet: "shop",
                at: trace.timestamp(at: t),
                outcome: change > 0 ? .scaleOut : change < 0 ? .scaleIn : .hold,
                current: fleet.billed,
                target: target,
                need: target,
                plan: plan,
                reason: change > 0
                    ? "p95 of demand in \(scenario.leadSteps) steps is \(Figures.short(ahead)), which \(target) serve"
                    : change < 0
                        ? "no step up to the lead time needs more than \(target) <of & \"them\">" : "enough",
                steps: []
            )
            fleet.apply(plan, key: "\(t)")
            timeline.append(ready: fleet.ready, billed: fleet.billed)
            guard t >= scenario.firstScored else { continue }
            series.append(
                ready: fleet.ready,
                billed: fleet.billed,
                outlook: DemandOutlook(
                    model: "rehearsed",
                    trust: 1,
                    origin: trace.timestamp(at: t),
                    step: trace.step,
                    quantile: 0.95,
                    values: Array(repeating: ahead * 1.15, count: scenario.leadSteps),
                    medians: Array(repeating: ahead, count: scenario.leadSteps)
                ),
                leadSteps: scenario.leadSteps,
                decision: decision
            )
        }
    }

    private static func retire(_ count: Int, from groups: [ResourceGroup]) -> [ResourceGroup] {
        var left = count
        var chosen: [ResourceGroup] = []
        let starting = groups.filter { $0.state == .starting }.sorted { $0.since > $1.since }
        for group in starting + groups.filter({ $0.state == .ready }) where left > 0 {
            var part = group
            part.count = min(left, group.count)
            left -= part.count
            chosen.append(part)
        }
        return chosen
    }
}
