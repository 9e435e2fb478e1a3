import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct KilledJournalTests {
    /// Twenty kills of a server over real processes; `troupe-bench journal --rounds 300` is the same with more.
    @Test func aKilledServerDoesNothingTwiceAndLosesNothing() async throws {
        let ended = try await CommandLineTool.bench([
            "journal", "--rounds", "20", "--plugins", CommandLineTool.repository.appendingPathComponent("plugins").path,
        ])
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains("each once and written before"), "\(ended.output)\(ended.errors)")
    }
}
