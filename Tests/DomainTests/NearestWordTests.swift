import Domain
import Testing

/// The word that was probably meant, and none where none was.
struct NearestWordTests {
    private let keys = ["min", "max", "step_up", "step_down", "settle", "reversals", "removals", "cost_per_hour"]

    @Test(arguments: [
        ("mni", "min"), ("maxx", "max"), ("step-up", "step_up"), ("StepUp", "step_up"), ("stepdown", "step_down"),
        ("reversal", "reversals"), ("settel", "settle"), ("cost_per_hours", "cost_per_hour"),
        ("COST_PER_HOUR", "cost_per_hour"),
    ])
    func slipsOfTheFingersAreSeen(_ sample: (word: String, meant: String)) {
        #expect(NearestWord.find(sample.word, among: keys) == sample.meant)
    }

    @Test(arguments: ["", "budget", "xyz", "minimum_of_all", "🙂"]) func whatIsFarFromAllIsNotGuessed(_ word: String) {
        #expect(NearestWord.find(word, among: keys) == nil)
    }

    @Test func ofEquallyNearOnesTheFirstIsMeant() {
        #expect(NearestWord.find("bat", among: ["cat", "hat"]) == "cat")
        #expect(NearestWord.find("bat", among: ["hat", "cat"]) == "hat")
    }

    @Test func anExactWordWinsOverANearOne() {
        #expect(NearestWord.find("max", among: ["mix", "max"]) == "max")
    }

    @Test func emptyAndEndlessWordsAreHarmless() {
        #expect(NearestWord.find("min", among: []) == nil)
        #expect(NearestWord.find("min", among: [""]) == nil)
        #expect(NearestWord.find(String(repeating: "m", count: 100_000), among: keys) == nil)
        #expect(NearestWord.find("min", among: [String(repeating: "m", count: 100_000), "mim"]) == "mim")
    }

    @Test func aDiagnosticSaysWhereWhatAndWhatWasMeant() {
        let location = SourceLocation(file: "policies/fleets/shop.lua", line: 7)
        #expect(
            Diagnostic(location: location, message: "unknown key limits.mni", nearestTo: "mni", of: keys).description
                == "policies/fleets/shop.lua:7: error: unknown key limits.mni (did you mean \"min\"?)"
        )
        #expect(
            Diagnostic(file: "a.lua", line: nil, severity: .warning, message: "unused").description
                == "a.lua: warning: unused"
        )
        #expect(SourceLocation(file: "a.lua") < SourceLocation(file: "a.lua", line: 1))
    }
}
