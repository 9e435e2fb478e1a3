import TestSupport
import Testing

@Suite(.inTurn)
struct KilledServerTests {
    /// Eight kills under load; `troupe-bench kill --rounds 100` is the same with more.
    @Test func aKilledServerHasAllThatItAcknowledged() async throws {
        let ended = try await CommandLineTool.bench(["kill", "--rounds", "8", "--series", "200"])
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains("all there once"), "\(ended.output)\(ended.errors)")
    }
}
