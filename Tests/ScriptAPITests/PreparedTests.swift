import ScriptProtocol
import Testing

@testable import ScriptAPI

/// Whether a run's state was made ahead is nothing that the run shows.
struct PreparedTests {
    @Test(arguments: [
        "local r = {} for i = 1, 5 do r[i] = math.random(1000) end return at_least(r[1], 'x' .. r[2] .. r[5])",
        "return at_least(require('lib.m').floor, 'from a module')",
        "return mix { web = 2 }",
        "return nowhere.x",
        "while true do end",
        "return require('lib.gone')",
    ])
    func aRunIsTheSameInAStateMadeAhead(_ body: String) throws {
        var runs = Runs()
        runs.modules = ["lib.m": "return { floor = 3 }"]
        runs.limits.instructions = 200_000
        let fresh = Self.comparable(runs.propose(body))
        runs.runner.prepare()
        let ahead = Self.comparable(runs.propose(body))
        #expect(fresh == ahead)
        // Made for other limits, it is of no use, and does no harm.
        runs.runner.prepare()
        runs.limits.instructions = 300_000
        let other = Self.comparable(runs.propose(body))
        #expect(body.contains("while") ? other != fresh : other == fresh)
    }

    @Test func aScriptOfBeforeLeavesNothingBehind() throws {
        let runs = Runs()
        _ = runs.propose("_G.seen = true string.x = 1 return nil")
        runs.runner.prepare()
        #expect(try runs.look("tostring(rawget(_G, 'seen'))") == .string("nil"))
    }

    /// Without the time, which is the one thing that differs.
    private static func comparable(_ answer: Result<ScriptResult, ScriptFailure>) -> Result<ScriptResult, ScriptFailure>
    {
        switch answer {
        case .success(var result):
            result.usage.wallMicroseconds = 0
            return .success(result)
        case .failure(var failure):
            failure.usage.wallMicroseconds = 0
            return .failure(failure)
        }
    }
}
