import SandboxTesting
import Testing

extension WorkerTests {
    /// Hostile scripts of all classes, beside the corpus, which is no part of the package.
    struct HostileScripts {
        @Test func eachEndsAsItShouldAndHarmsNobody() async throws {
            #expect(Set(Hostile.all.map(\.name)).count == Hostile.all.count)
            let report = try await SandboxTester(slowness: 3).run(Hostile.all.map(\.script))
            for outcome in report.outcomes where !outcome.held {
                Issue.record("\(outcome.script): \(outcome.faults.joined(separator: "; "))")
            }
            #expect(report.deaths == 0)
            // The kill is for what hides inside of one instruction; hardly anything here does.
            #expect(report.kills <= 8, "\(report.kills) workers were killed")
        }
    }
}
