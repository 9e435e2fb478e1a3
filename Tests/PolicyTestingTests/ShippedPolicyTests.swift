import Foundation
import PolicyTesting
import Scripting
import Testing
import Workers

/// The tests that come with Troupe's own policies, as `troupe policy test` runs them: real workers, the real decision, simulated fleets.
struct ShippedPolicyTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func allPass() async throws {
        let workers = try WorkerPool()
        defer { workers.shutdown() }
        let workspace = try await Workspace.load(folder: Self.folder, workers: workers)
        let suite = PolicyTestSuite(workspace: workspace, workers: workers, seeds: 2)
        let summary = await suite.run { outcome in
            #expect(
                outcome.ending == .passed,
                "\(outcome.testCase.file):\(outcome.testCase.line): \(outcome.testCase.name)"
            )
        }
        // Each policy is tested, and each but the one that only watches the clock also under loads that nobody thought of.
        #expect(summary.outcomes.count { $0.testCase.kind == .test } >= 18)
        #expect(summary.outcomes.count { $0.testCase.kind == .property } >= 3)
    }
}
