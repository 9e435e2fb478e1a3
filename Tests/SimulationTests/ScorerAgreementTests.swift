import Domain
import Foundation
import TestSupport
import Testing

@testable import Simulation

/// The numbers of `BacktestScenario` are those of the Python scorer that others use.
///
/// Needs python3 with numpy and the scorer.
@Suite(.enabled("needs python3 with numpy, and the scorer beside the repository") { await Scorer.isThere })
struct ScorerAgreementTests {
    /// Files, with the rows that are taken of each: a debug build is slow, and part of a trace shows as much as the whole.
    @Test(arguments: [
        ("servegen_m_small_rps_10min.csv", nil as Int?), ("azure_vm_arrival_batches_5min.csv", 4000),
        ("cloudcluster2_cpu_5min.csv", 4000), ("wc98_requests_1min.csv", 5000), ("appserver_requests_1h.csv", 3000),
    ])
    func recordedTraces(name: String, rows: Int?) async throws {
        guard let path = Shared.trace(name) else { return }
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        if let rows { lines = Array(lines.prefix(rows + 1)) }
        let trace = try DemandTrace(csv: Array(lines.joined(separator: "\n").utf8), file: name)
        try await compare(trace, resources: 50, lead: nil)
    }

    @Test(arguments: [
        ("flash-crowd", 50.0, nil as Int64?), ("outage", 12.5, 1500), ("growth", 200, 60), ("steady", 3, 7200),
    ])
    func generatedTraces(name: String, resources: Double, lead: Int64?) async throws {
        var workload = try #require(Workload.preset(name))
        workload.count = 3000
        try await compare(workload.trace(named: name), resources: resources, lead: lead)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func anyLoads(seed: UInt64) async throws {
        try await compare(Workload.anyLoad(seed: seed &+ 40).trace(named: "any"), resources: 20, lead: nil)
    }

    private func compare(_ trace: DemandTrace, resources: Double, lead: Int64?) async throws {
        let scenario = try BacktestScenario(trace: trace, resources: resources, lead: lead.map(TimeSpan.seconds))
        let run = RehearsedRun(scenario)
        let folder = try TemporaryFolder()
        try trace.csv.write(toFile: folder.file("trace.csv"), atomically: true, encoding: .utf8)
        var writer = try TimelineWriter(path: folder.file("timeline.csv"))
        for i in 0..<trace.count {
            try writer.append(
                label: trace.label(at: i),
                ready: run.timeline.ready[i],
                billed: run.timeline.billed[i]
            )
        }
        try writer.close()

        // The scorer's own text, to the digits that it prints.
        let comparison = scenario.comparison(of: run.timeline, named: "own")
        var arguments = [folder.file("trace.csv"), folder.file("timeline.csv"), "--resources", "\(resources)"]
        if let lead { arguments += ["--lead", "\(lead)"] }
        let printed = try await Scorer.run(arguments).split(separator: "\n").map(String.init)
        try #require(printed.count == 6, "\(printed)")
        #expect(printed[0].contains("lead \(scenario.leadSteps) steps, capacity \(Self.g6(scenario.capacity)) per"))
        #expect(printed[0].hasSuffix("scored from \(trace.label(at: scenario.firstScored))"))
        for (line, card) in zip(printed[1...3], comparison.rows[1...3]) {
            #expect(line.hasSuffix(Self.text(card)), "\(line) is not \(Self.text(card))")
        }
        #expect(printed[4].hasSuffix("\(Int((comparison.bestTarget * 100).rounded()))%: " + Self.text(comparison.best)))
        #expect(printed[5].hasPrefix("  timeline: \(Self.text(comparison.rows[0])), ratio "))
        // Without regret of the HPA rule there is nothing to be relative to; the scorer divides all the same.
        if let ratio = comparison.rows[0].ratio {
            #expect(printed[5].hasSuffix(" ratio \(String(format: "%.3f", ratio))"))
        } else {
            #expect(comparison.best.regret <= 0)
        }
        #expect(scenario.impossibility(of: run.timeline) == nil)
    }

    private static func text(_ card: Scorecard) -> String {
        String(
            format: "shortfall %.3f%%, unserved %.4f%%, cost %.3f, total %.3f",
            card.shortfall * 100,
            card.unserved * 100,
            card.cost,
            card.total
        )
    }

    private static func g6(_ value: Double) -> String { String(format: "%.6g", value) }
}

enum Scorer {
    static var isThere: Bool {
        get async {
            guard Shared.scorer != nil else { return false }
            return (try? await ChildProcess.run("python3", ["-c", "import numpy"]))?.status == 0
        }
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What the scorer prints.
    static func run(_ arguments: [String]) async throws -> String {
        guard let scorer = Shared.scorer else { throw Failure(description: "no scorer") }
        let ended = try await ChildProcess.run("python3", [scorer] + arguments)
        guard ended.status == 0 else { throw Failure(description: ended.output + ended.errors) }
        return ended.output
    }
}
