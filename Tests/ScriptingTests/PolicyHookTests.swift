import Decision
import Domain
import Scripting
import Testing

struct PolicyHookTests {
    private let outcomes = [
        PolicyOutcome(
            policy: "latency-guard",
            ending: .proposed([
                Proposal(policy: "latency-guard", ask: .scaleBy(.fraction(0.2)), reason: "slow"),
                Proposal(policy: "latency-guard", ask: .atLeast(3), reason: "floor"),
            ])
        ),
        PolicyOutcome(policy: "blind-one", ending: .blind("kpi(\"x\") has no value: missing")),
    ]

    private func merge(_ body: String) async throws -> HookOutcome {
        let bench = try PolicyBench("function policy.merge(ctx, proposals, prediction)\n\(body)\nend")
        return await bench.runner.merge(bench.context(), proposals: outcomes, prediction: 6)
    }

    @Test func theMergeHookSeesEveryProposalAndThePrediction() async throws {
        let outcome = try await merge(
            """
            local words = {}
            for _, p in ipairs(proposals) do words[#words + 1] = p.policy .. " " .. p.text .. " " .. p.reason end
            return prediction.need + #proposals + ctx.capacity.ready, table.concat(words, "; ")
            """
        )
        #expect(outcome.need == 12)
        #expect(outcome.reason == "latency-guard scale_by(\"20%\") slow; latency-guard at_least(3) floor")
        #expect(outcome.policy == "steady")
    }

    @Test(arguments: [
        (
            "return \"many\"",
            "policies/scaling/steady.lua: merge returned \"many\"; expected a whole number of resources"
        ),
        ("return -1", "policies/scaling/steady.lua: merge returned -1; expected a whole number of resources"),
        ("return", "policies/scaling/steady.lua: merge returned nil; expected a whole number of resources"),
        ("error(\"no\")", "policies/scaling/steady.lua:3: no"),
    ])
    func aMergeHookThatFailsSaysWhy(body: String, reason: String) async throws {
        let outcome = try await merge(body)
        #expect(outcome.need == nil)
        #expect(outcome.reason == reason)
    }

    private func choose(_ body: String) async throws -> MixHookOutcome {
        let bench = try PolicyBench("function policy.choose_persona(ctx, shortfall)\n\(body)\nend")
        return await bench.runner.choosePersona(bench.context(), shortfall: Shortfall(demand: 150, resources: 2))
    }

    @Test func thePersonaHookNamesOneOrAMix() async throws {
        let one = try await choose("return \"safe\", \"audit week\"")
        // 150 requests/s are three of a persona that serves 60.
        #expect(one.mix == [PersonaCount(persona: "safe", count: 3)])
        #expect(one.reason == "audit week")
        let mix = try await choose("return { web = math.ceil(shortfall.demand / 100), safe = shortfall.resources }")
        #expect(mix.mix == [PersonaCount(persona: "safe", count: 2), PersonaCount(persona: "web", count: 2)])
        #expect(mix.reason == "persona hook of steady")
    }

    @Test(arguments: [
        (
            "return \"wbe\"",
            "policies/scaling/steady.lua: choose_persona names persona \"wbe\", which this fleet does not have"
        ),
        (
            "return { web = 1.5 }",
            "policies/scaling/steady.lua: a mix asks for 1.5 of web; expected a whole number, 0 or above"
        ),
        ("return 3", "policies/scaling/steady.lua: a mix is 3; expected a table such as { [\"low-latency\"] = 4 }"),
    ])
    func aPersonaHookThatFailsSaysWhy(body: String, reason: String) async throws {
        let outcome = try await choose(body)
        #expect(outcome.mix == nil)
        #expect(outcome.reason == reason)
    }

    @Test(arguments: [
        ("2026-03-29T00:59:00Z", "sunday 2026-03-29 1:59"), ("2026-03-29T01:00:00Z", "sunday 2026-03-29 3:0"),
        ("2026-10-25T00:59:00Z", "sunday 2026-10-25 2:59"), ("2026-10-25T01:00:00Z", "sunday 2026-10-25 2:0"),
    ])
    func theClockIsThatOfTheFleetsZone(instant: String, wall: String) async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local now = ctx.now
              return hold(now.weekday .. " " .. now.date .. " " .. now.hour .. ":" .. now.minute)
            end
            """,
            timezone: "Europe/Berlin"
        )
        let run = await bench.propose(bench.context(now: try Timestamp(iso8601: instant)))
        #expect(run.proposed == ["hold(): \(wall)"])
    }
}
