import TestSupport
import Testing

@Suite(.inTurn)
struct FaultyDayTests {
    /// Half a day of all that goes wrong, in a process of its own, so that what it holds is what the day left; `troupe-bench day` is the
    /// same with a whole one.
    @Test func aDayOfFaultsBreaksNoLimitAndLeaksNothing() async throws {
        let ended = try await CommandLineTool.bench(["day", "--hours", "12", "--warm", "6"])
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains("no limit broken, nothing leaked"), "\(ended.output)\(ended.errors)")
    }
}
