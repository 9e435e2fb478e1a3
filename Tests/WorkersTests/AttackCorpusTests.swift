import Glibc
import SandboxTesting
import Testing

extension WorkerTests {
    /// Every hostile script of the corpus, as a policy, three times over.
    ///
    /// The corpus is no part of the package: `TROUPE_ATTACKS` names its folder. Its `README.md` has the rules. `troupe sandbox test`
    /// runs the same.
    struct AttackCorpus {
        private static var folder: String? {
            // Tests/WorkersTests/this file; the corpus may lie beside the package.
            let package = #filePath.split(separator: "/").dropLast(3)
            let beside = package.dropLast().map { "/" + $0 }.joined() + "/shared/attacks"
            let named = getenv("TROUPE_ATTACKS").map { String(cString: $0) }
            return [named, beside].compactMap(\.self).first { access($0 + "/INDEX.tsv", R_OK) == 0 }
        }

        @Test(.enabled(if: folder != nil, "TROUPE_ATTACKS names no folder of attacks"))
        func everyAttackEndsAsItShould() async throws {
            let corpus = try SandboxCorpus(folder: try #require(Self.folder))
            // Time is measured by the command, alone on the machine; beside other tests the clocks have room.
            let report = try await SandboxTester(slowness: 3).run(corpus.scripts, rounds: 3)
            for outcome in report.outcomes where !outcome.held {
                Issue.record("\(outcome.script): \(outcome.faults.joined(separator: "; "))")
            }
            #expect(report.deaths == 0)
            #expect(report.isHostFlat, "the host has grown: \(report.hostMemoryBytes)")
        }
    }
}
