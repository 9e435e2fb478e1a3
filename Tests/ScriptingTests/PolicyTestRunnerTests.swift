import Decision
import Domain
import ScriptProtocol
import Synchronization
import Testing

@testable import Scripting

/// Test files, from their source to what became of each case, in real workers; what they decide is made up.
struct PolicyTestRunnerTests {
    /// Decides four for whoever asks, and simulates as many resources as the load's level.
    private final class Host: PolicyTestHost {
        let decided = Mutex<[DecideScenario]>([])
        let simulated = Mutex<[SimulateScenario]>([])

        func decide(_ scenario: DecideScenario) async throws(PolicyTestProblem) -> DecideResult {
            guard scenario.fleet == "shop" else {
                throw PolicyTestProblem("there is no fleet \"\(scenario.fleet)\" (did you mean \"shop\"?)")
            }
            decided.withLock { $0.append(scenario) }
            let decision = Decision(
                fleet: "shop",
                at: PolicyBench.now,
                outcome: .scaleOut,
                current: 2,
                target: 4,
                need: 5,
                plan: Plan(start: [PersonaCount(persona: "web", count: 2)]),
                reason: "steady asks at_least 4",
                steps: [TraceStep(rule: "merge", before: 2, after: 4, reason: "the largest")]
            )
            let outcome = PolicyOutcome(
                policy: "steady",
                ending: .proposed([Proposal(policy: "steady", ask: .atLeast(4), reason: "four")])
            )
            return DecideResult(decision: decision, outcomes: [outcome], state: .table([.init("seen", .integer(1))]))
        }

        func simulate(_ scenario: SimulateScenario) async throws(PolicyTestProblem) -> SimulateResult {
            simulated.withLock { $0.append(scenario) }
            return SimulateResult(
                minReady: Int(scenario.load.level),
                maxReady: 9,
                minTarget: 2,
                maxTarget: 9,
                shortfall: 0.25,
                unserved: 0.01,
                cost: 12.5,
                reversals: 1,
                changes: 3,
                decisions: 1440,
                failures: 0
            )
        }
    }

    private let host = Host()

    private func file(_ source: String) -> PolicyTestFile {
        PolicyTestFile(
            script: ScriptSource(name: "policies/tests/steady_test.lua", bytes: Array(source.utf8)),
            modules: [
                "lib.numbers": ScriptSource(name: "policies/lib/numbers.lua", bytes: Array("return { four = 4 }".utf8))
            ]
        )
    }

    /// How each case of a file ended: its name and `passed`, or what failed.
    private func run(_ source: String, seeds: Int = 5) async throws -> [String] {
        let runner = PolicyTestRunner(workers: try TestWorkers.pool(), host: host, seeds: seeds)
        let file = file(source)
        var endings: [String] = []
        for testCase in try await runner.cases(in: file) {
            let outcome = await runner.run(testCase, of: file)
            switch outcome.ending {
            case .passed: endings.append("\(testCase.name): passed after \(outcome.runs)")
            case .failed(let message): endings.append("\(testCase.name): \(message)")
            }
        }
        return endings
    }

    @Test func casesAreListedWithTheirLines() async throws {
        let runner = PolicyTestRunner(workers: try TestWorkers.pool(), host: host)
        let cases = try await runner.cases(
            in: file("-- two\ntest(\"a\", function(t) end)\n\nproperty(\"b\",\n  function(t) end)")
        )
        #expect(cases.map(\.name) == ["a", "b"])
        #expect(cases.map(\.kind) == [.test, .property])
        #expect(cases.map(\.line) == [2, 4])
        #expect(cases.map(\.file) == ["policies/tests/steady_test.lua", "policies/tests/steady_test.lua"])
    }

    @Test func aFileWithoutCasesIsNoTest() async throws {
        let runner = PolicyTestRunner(workers: try TestWorkers.pool(), host: host)
        let failure = await #expect(throws: ScriptFailure.self) { try await runner.cases(in: file("local x = 1")) }
        #expect(failure?.located.hasPrefix("policies/tests/steady_test.lua: the file holds no test; ") == true)
    }

    @Test func aTestSeesTheWholeDecision() async throws {
        let endings = try await run(
            """
            local numbers = require("lib.numbers")
            test("all of it", function(t)
              local d = t.decide { fleet = "shop", capacity = { ready = 2 }, kpis = { latency_ms = t.missing, queue = { 1, 2 } } }
              t.equal(d.outcome, "scale_out")
              t.equal(d.target, numbers.four)
              t.equal({ d.current, d.need, d.reason }, { 2, 5, "steady asks at_least 4" })
              t.equal(d.start, { { persona = "web", count = 2 } })
              t.equal(#d.retire, 0)
              t.equal(d.steps[1].rule, "merge")
              t.equal(d.proposals[1].text, "at_least(4)")
              t.equal(d.state.seen, 1)
            end)
            """
        )
        #expect(endings == ["all of it: passed after 1"])
        let decided = host.decided.withLock { $0 }
        let scenario = try #require(decided.first)
        #expect(scenario.kpis.map(\.scenario) == [.none(.missing), .values([1, 2])])
    }

    @Test func whatFailsSaysWhereAndWhy() async throws {
        let endings = try await run(
            """
            test("equal", function(t)
              t.equal(t.decide { fleet = "shop" }.target, 5, "one more")
            end)
            test("check", function(t)
              t.check(1 > 2, "one is less")
            end)
            test("near", function(t) t.near(1.0, 1.2, 0.1) end)
            test("a slip in the scenario", function(t)
              t.decide { fleet = "shop",
                capacty = { ready = 4 } }
            end)
            test("no such fleet", function(t)

              t.decide { fleet = "shp" }
            end)
            test("no such thing", function(t) t.decides {} end)
            """
        )
        let place = "policies/tests/steady_test.lua"
        #expect(
            Array(endings.prefix(5)) == [
                "equal: \(place):2: one more: expected 5, got 4",
                "check: \(place):5: check failed: one is less",
                "near: \(place):7: expected 1.2, got 1",
                "a slip in the scenario: \(place):9: t.decide: unknown key capacty; known: capacity, demand, fleet, forecast, kpis, "
                    + "lead, now, policy, state (did you mean \"capacity\"?)",
                "no such fleet: \(place):14: t.decide: there is no fleet \"shp\" (did you mean \"shop\"?)",
            ]
        )
        #expect(endings.last?.hasPrefix("no such thing: \(place):16: ") == true)
    }

    @Test func aPropertyMeetsManyLoadsAndNamesTheSeedThatFails() async throws {
        let endings = try await run(
            """
            property("holds", function(t)
              local run = t.simulate { fleet = "shop", load = t.any_load { level = 3 }, duration = "6h" }
              t.check(run.min_ready >= 3)
            end)
            property("fails", function(t)
              local load = t.any_load()
              t.simulate { fleet = "shop", load = load }
              t.check(false, "always")
            end)
            """,
            seeds: 4
        )
        #expect(
            endings == [
                "holds: passed after 4",
                "fails: policies/tests/steady_test.lua:8: check failed: always (seed 1 of 4)",
            ]
        )
        let scenarios = host.simulated.withLock { $0 }
        #expect(scenarios.map(\.seed) == [1, 2, 3, 4, 1])
        #expect(scenarios.prefix(4).allSatisfy { $0.load.level == 3 && $0.duration == .hours(6) })
        // Each seed draws another load, and the same one each time.
        #expect(Set(scenarios.prefix(4).map(\.load)).count == 4)
        #expect(scenarios[4].load.daily == scenarios[0].load.daily)
    }
}
