import GuardTrials
import Testing

/// Our library functions against those of the Lua that we link: the same calls, drawn from a seed, must end the same, errors included.
struct DifferentialTests {
    @Test func patternsAgreeWithTheRealOnes() {
        let report = guard_trials_patterns(20_261_125, 1_200_000)
        #expect(report.differences == 0, "\(report.difference)")
        // Calls that hit our limits are not compared; they are few, and all ways to end are met, or the test tests nothing.
        #expect(report.calls - report.limited >= 1_000_000)
        #expect(report.successes > 100_000 && report.errors > 50_000)
    }

    @Test func theRestOfTheLibraryAgreesWithTheRealOne() {
        let report = guard_trials_library(20_261_125, 500_000)
        #expect(report.differences == 0, "\(report.difference)")
        #expect(report.limited == 0)
        #expect(report.successes > 50_000 && report.errors > 50_000)
    }
}

extension trial_report {
    var difference: String {
        withUnsafeBytes(of: first_difference) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
