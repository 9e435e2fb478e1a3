import Decision
import Foundation
import Simulation
import TestSupport
import Testing

/// Every decision of a backtest with all of the fleet's policies and limits comes out the same when it is decided again from what was
/// recorded, and from that alone.
@Suite(.inTurn)
struct ReplayTests {
    @Test func everyRecordedDecisionIsReproduced() async throws {
        let folder = try TemporaryFolder()
        try Data(Demand.csv(days: 6).utf8).write(to: URL(fileURLWithPath: folder.file("trace.csv")))
        let out = folder.file("out")
        let ended = try await CommandLineTool.run([
            "backtest", "storefront", "--trace", folder.file("trace.csv"), "--limits", "fleet", "--out", out,
        ])
        #expect(ended.status == 0, "\(ended.errors)")

        let log = try DecisionLogReader(path: "\(out)/decisions.jsonl")
        var count = 0
        var outcomes: Set<Decision.Outcome> = []
        try log.readAll { line in
            let record = try log.decode(DecisionRecord.self, line)
            count += 1
            outcomes.insert(record.decision.outcome)
            #expect(record.replay() == record.decision, "\(line.time)")
            #expect(!record.input.policies.isEmpty, "what the policies proposed is part of the record")
        }
        #expect(count == 3 * 144)
        #expect(outcomes.isSuperset(of: [.scaleOut, .scaleIn, .hold]), "the run decides something")
    }
}
