import Decision
import Domain
import Foundation
import ScriptProtocol
import Testing
import Workers

@testable import Scripting

/// Whatever a policy does, the run answers; and it says where it went wrong.
struct FailingPolicyTests {
    @Test(arguments: [
        ("error(\"not today\")", "policies/scaling/steady.lua:3: not today"),
        (
            "return at_least(2.5, \"half\")",
            "policies/scaling/steady.lua:3: at_least: n is 2.5; expected a whole number of resources; math.ceil rounds up"
        ),
        (
            "return at_least(2)",
            "policies/scaling/steady.lua:3: at_least: reason is nil; expected a text that says why, for the person on call"
        ),
        (
            "return scale_to({ wbe = 3 }, \"more\")",
            "policies/scaling/steady.lua:3: scale_to: this fleet has no persona \"wbe\"; it has web, safe"
        ),
        (
            "return ctx.kpi(\"latency_ms\", { persona = \"wbe\" }):last()",
            "policies/scaling/steady.lua:3: ctx.kpi: this fleet has no persona \"wbe\"; it has web, safe"
        ),
        (
            "return 7",
            "policies/scaling/steady.lua: propose returned 7; expected nothing, a proposal, or a list of proposals"
        ),
        (
            "return { { ask = \"scale_to\", count = -1, reason = \"less than nothing\" } }",
            "policies/scaling/steady.lua: propose returned a table; "
                + "expected what scale_to, scale_by, at_least, at_most, hold or assign answer"
        ),
        (
            // It has no counterpart above zero.
            "return { { ask = \"scale_by\", count = math.mininteger, reason = \"less than anything\" } }",
            "policies/scaling/steady.lua: propose returned a table; "
                + "expected what scale_to, scale_by, at_least, at_most, hold or assign answer"
        ),
        (
            "local all = {} for i = 1, 65 do all[i] = at_least(i, \"more\") end return all",
            "policies/scaling/steady.lua: propose returned 65 proposals; expected at most 64"
        ),
    ])
    func aMistakeSaysWhereItIs(body: String, message: String) async throws {
        let bench = try PolicyBench("function policy.propose(ctx)\n\(body)\nend")
        #expect(await bench.propose().failure == message)
    }

    @Test(arguments: [
        ("while true do end", "does it loop for ever?"),
        (
            "local s = \"x\" while true do s = s .. s end",
            "does it build a table without end?"
        ),
    ])
    func aPolicyWithoutEndIsEnded(body: String, advice: String) async throws {
        let bench = try PolicyBench("function policy.propose(ctx)\n\(body)\nend")
        let failure = try #require(await bench.propose().failure)
        #expect(failure.hasPrefix("policies/scaling/steady.lua:3: "))
        #expect(failure.contains(advice))
    }

    @Test func theWorkersDeathIsOneRunsFailure() async throws {
        let pool = try WorkerPool(configuration: WorkerPoolConfiguration(size: 1))
        defer { pool.shutdown() }
        let bench = try PolicyBench(
            "function policy.propose(ctx) return at_least(math.floor(ctx.demand:last()), \"demand\") end",
            workers: pool
        )
        // It dies while it waits for the answer to what it asked.
        let dying = bench.context { query in
            for worker in pool.health.workers { kill(worker, SIGKILL) }
            return PolicyBench.flat(3, query)
        }
        let failure = try #require(await bench.propose(dying).failure)
        #expect(failure.hasSuffix("(it is tried anew next time)"))
        #expect(await bench.propose().proposed == ["at_least(7): demand"])
    }

    @Test func textsFromScriptsStayOnTheirLine() async throws {
        let bench = try PolicyBench(
            "function policy.propose(ctx) return hold(\"a\\nb\\27[31mred\\u{202e}\" .. string.rep(\"x\", 400)) end"
        )
        guard case .proposed(let proposals) = await bench.propose().outcome.ending else {
            Issue.record("no proposal")
            return
        }
        let reason = try #require(proposals.first?.reason)
        #expect(reason.hasPrefix("a b [31mred x") && reason.hasSuffix("x…"))
        #expect(reason.count == ProposalDecoding.longestReason + 1)
    }
}
