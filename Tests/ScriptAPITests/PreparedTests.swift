import ScriptProtocol
import Testing

@testable import ScriptAPI

/// Whether a run's state was used before is nothing that the run shows.
struct PreparedTests {
    @Test(arguments: [
        "local r = {} for i = 1, 5 do r[i] = math.random(1000) end return at_least(r[1], 'x' .. r[2] .. r[5])",
        "return at_least(require('lib.m').floor, 'from a module')",
        "return mix { web = 2 }",
        "return nowhere.x",
        "while true do end",
        "return require('lib.gone')",
    ])
    func aRunIsTheSameInAStateThatWasPutBack(_ body: String) throws {
        var runs = Runs()
        runs.modules = ["lib.m": "return { floor = 3 }"]
        runs.limits.instructions = 200_000
        let fresh = Self.comparable(runs.propose(body))
        runs.runner.prepare()
        let again = Self.comparable(runs.propose(body))
        #expect(fresh == again)
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

    @Test func manyScriptsTakeTheirTurns() throws {
        let runs = Runs()
        let scripts = (1...100)
            .map {
                "local seen = (seen or 0) + \($0) _G.seen = seen return { seen, math.random(1000), ctx.capacity.ready }"
            }
        let first = scripts.map { Self.comparable(runs.propose($0)) }
        // Some that are still at hand, some that are not.
        for i in [99, 0, 98, 99, 1, 50, 99, 0] {
            runs.runner.prepare()
            #expect(Self.comparable(runs.propose(scripts[i])) == first[i])
        }
    }

    @Test func oneScriptIsRunOnAnotherInputEachTime() throws {
        var runs = Runs()
        for state in 1...5 {
            runs.state = .sortedTable([("n", .integer(Int64(state)))])
            #expect(try runs.look("ctx.state.n * 10 + #ctx.personas") == .integer(Int64(state * 10 + 2)))
        }
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
