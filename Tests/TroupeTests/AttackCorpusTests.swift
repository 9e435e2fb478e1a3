import Foundation
import TestSupport
import Testing

/// Every hostile script of the corpus, as a policy, three times over, in a process of its own: what the host's memory grows by is theirs.
///
/// The corpus is no part of the package: `TROUPE_ATTACKS` names its folder, whose `README.md` has the rules.
@Suite(.inTurn)
struct AttackCorpusTests {
    private static let folder: String? = {
        let beside = CommandLineTool.repository.deletingLastPathComponent().appendingPathComponent("shared/attacks")
        return [ProcessInfo.processInfo.environment["TROUPE_ATTACKS"], beside.path].compactMap(\.self)
            .first { FileManager.default.isReadableFile(atPath: $0 + "/INDEX.tsv") }
    }()

    @Test(.enabled(if: folder != nil, "TROUPE_ATTACKS names no folder of attacks"))
    func everyAttackEndsAsItShould() async throws {
        // How long is measured by the same command, alone on the machine; beside other tests the clocks have room.
        let ended = try await CommandLineTool.run([
            "sandbox", "test", "--corpus", try #require(Self.folder), "--rounds", "3", "--slowness", "3",
        ])
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    }
}
