import Decision
import Domain
import ScriptProtocol
import Testing

@testable import Scripting

/// Policies, from their source to what they propose, in real workers.
struct PolicyRunnerTests {
    @Test func everyProposalArrives() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              return {
                scale_to(5, "five"), scale_to({ web = 2, safe = 1 }, "a mix"), scale_by("25%", "a quarter"), scale_by(-1, "one less"),
                at_least(2, "a floor"), at_most(9, "a ceiling"), hold("wait"), hold("wait", "in"),
                assign("web-1", "safe", "30m", "a look"), assign("web-2", "safe", nil, "for good"),
              }
            end
            """
        )
        let run = await bench.propose()
        #expect(
            run.proposed == [
                "scale_to(5): five", "scale_to({ [\"safe\"] = 1, [\"web\"] = 2 }): a mix",
                "scale_by(\"25%\"): a quarter",
                "scale_by(-1): one less", "at_least(2): a floor", "at_most(9): a ceiling", "hold(): wait",
                "hold(\"in\"): wait", "assign(\"web-1\", \"safe\", \"30m\"): a look",
                "assign(\"web-2\", \"safe\"): for good",
            ]
        )
    }

    @Test(arguments: ["return nil", "return {}", "return", ""])
    func nothingMayBeProposed(body: String) async throws {
        let run = try await PolicyBench("function policy.propose(ctx) \(body) end").propose()
        #expect(run.proposed == [])
        #expect(run.state == .null)
    }

    @Test func whatItSawIsWrittenDown() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local p99 = ctx.kpi("latency_ms", { persona = "web", agg = "p99" })
              if p99.status == "ok" and p99:mean("5m") > 250 then
                print("slow")
                return at_least(ctx.resources_for(ctx.demand:last()), "slow")
              end
            end
            """
        )
        let run = await bench.propose(
            bench.context { query in PolicyBench.flat(query.isDemand ? 410 : 300.5, query) }
        )
        #expect(run.proposed == ["at_least(5): slow"])
        #expect(
            run.looks == [
                "kpi(\"latency_ms\", { persona = \"web\", agg = \"p99\" }) → ok",
                "kpi(\"latency_ms\", { persona = \"web\", agg = \"p99\" }):mean(\"5m\") → 300.5",
                "demand → ok", "demand:last() → 410", "resources_for(410) → 5",
            ]
        )
        #expect(run.outcome.log == ["slow"])
    }

    /// What was read is sent along with the next runs, but no more than they can carry.
    @Test func longLooksDoNotBurdenTheNextRuns() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local n = 0
              for i = 1, 20 do n = n + ctx.kpi("kpi_" .. i):count("30000m") end
              return at_least(n // 30000, "looks")
            end
            """
        )
        let context = bench.context { PolicyBench.flat(1, $0) }
        for _ in 1...2 {
            let run = await bench.propose(context)
            #expect(run.proposed == ["at_least(20): looks"])
        }
        let next = bench.runner.request("propose", context, Answers(context: context), state: .null)
        guard case .list(let sent)? = next.input["series"] else {
            Issue.record("nothing is sent along")
            return
        }
        #expect(sent.count == 17)
    }

    @Test func theForecastIsAskedAtItsQuantile() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              return at_least(ctx.resources_for(ctx.forecast:peak("3m", 0.9)),
                string.format("%s, trust %.1f, %.0f in a minute", ctx.forecast.model, ctx.forecast.trust, ctx.forecast:at("1m", 0.9)))
            end
            """
        )
        let context = bench.context(forecast: { query in
            ForecastAnswer(
                origin: PolicyBench.now,
                step: .minutes(1),
                values: query.quantile == 0.9 ? [210, 590, 300] : [1, 1, 1]
            )
        })
        #expect(await bench.propose(context).proposed == ["at_least(6): ridge, trust 0.8, 210 in a minute"])
        // What was asked is sent along the second time, and makes no difference.
        #expect(await bench.propose(context).proposed == ["at_least(6): ridge, trust 0.8, 210 in a minute"])
    }

    // MARK: State

    @Test func whatItRemembersComesBack() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local seen = (ctx.state.seen or 0) + 1
              if seen == 3 then return at_least(seen, "third time") end
              return at_least(seen, "seen"), { seen = seen, names = { "a", "b" } }
            end
            """
        )
        let first = await bench.propose()
        #expect(first.proposed == ["at_least(1): seen"])
        let second = await bench.propose(state: first.state)
        #expect(second.proposed == ["at_least(2): seen"])
        let third = await bench.propose(state: second.state)
        #expect(third.proposed == ["at_least(3): third time"])
        // Nothing new to remember: the old stays.
        #expect(third.state == second.state)
    }

    @Test(arguments: [
        (
            "{ text = string.rep(\"x\", 17000) }",
            "policies/scaling/steady.lua: propose returned a state of 17020 bytes; expected at most 16384"
        ),
        (
            "\"tired\"",
            "policies/scaling/steady.lua: propose returned \"tired\" as its state; expected a table of plain data"
        ),
    ])
    func noStateButPlainAndSmall(state: String, message: String) async throws {
        let bench = try PolicyBench("function policy.propose(ctx) return nil, \(state) end")
        let before = ScriptValue.table([.init("seen", .integer(1))])
        let run = await bench.propose(state: before)
        #expect(run.failure == message)
        #expect(run.state == before)
    }

    // MARK: What is read is sent along

    @Test func whatItReadLastTimeIsSentAlong() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local queue = ctx.kpi("queue_length")
              return at_least(math.floor(queue:max("2h")), "queue")
            end
            """
        )
        let first = await bench.propose()
        #expect(first.proposed == ["at_least(7): queue"], "\(first.outcome)")
        // An hour when the series is opened, then two, for so far the script looks back.
        #expect(bench.queries.map(\.window) == [.hours(1), .hours(2)])
        let second = await bench.propose()
        #expect(bench.queries.dropFirst(2).map(\.window) == [.hours(2)])
        #expect(bench.runner.kpisRead == ["queue_length"])
        #expect(first.looks == second.looks)
        #expect(first.proposed == second.proposed)
    }

    // MARK: Not seeing

    @Test func whatWasReadBeforeDoesNotShowInWhatARunUses() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local sum = ctx.kpi("a"):mean("2h") + ctx.kpi("b"):max("2h") + ctx.demand:last() + ctx.forecast:at("2m", 0.9)
              return hold(ctx.now.hour .. ctx.forecast.model .. ctx.personas[1].name .. tostring(ctx.state.seen) .. sum), { seen = 1 }
            end
            """
        )
        let context = bench.context(
            forecast: { _ in
                ForecastAnswer(origin: PolicyBench.now, step: .minutes(1), values: [Double](repeating: 5, count: 60))
            }
        )
        let first = await bench.propose(context)
        let second = await bench.propose(context)
        let third = await bench.propose(context)
        #expect(first.proposed?.count == 1, "\(first.outcome)")
        #expect(second.proposed == first.proposed && third.proposed == first.proposed)
        let used = [first, second, third].map { [$0.usage.instructions, $0.usage.peakMemoryBytes] }
        #expect(used == [used[0], used[0], used[0]])
    }

    @Test(arguments: [SeriesAnswer.Status.missing, .stale, .nan, .sourceDown])
    func askingWhatNobodyKnowsIsBlindness(status: SeriesAnswer.Status) async throws {
        let bench = try PolicyBench(
            "function policy.propose(ctx) return at_least(math.floor(ctx.kpi(\"queue_length\"):last()), \"queue\") end"
        )
        let run = await bench.propose(bench.context { _ in PolicyBench.none(status) })
        #expect(run.blindness == "kpi(\"queue_length\") has no value: \(status.rawValue)", "\(run.outcome)")
    }

    @Test func idlenessIsNoBlindness() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local errors = ctx.kpi("error_rate")
              if errors.status == "missing" then print("no errors known") end
              return at_least(math.floor(ctx.kpi("queue_length"):last()), "queue")
            end
            """
        )
        // What only was looked at, and not asked for a value, ends no run.
        let world: @Sendable (SeriesQuery) -> SeriesAnswer = {
            PolicyBench.none($0.kpi == "queue_length" ? .idle : .missing)
        }
        #expect(await bench.propose(bench.context(series: world)).proposed == [])
        // The same when both are sent along.
        #expect(await bench.propose(bench.context(series: world)).proposed == [])
        let lost: @Sendable (SeriesQuery) -> SeriesAnswer = {
            PolicyBench.none($0.kpi == "queue_length" ? .missing : .idle)
        }
        #expect(
            await bench.propose(bench.context(series: lost)).blindness == "kpi(\"queue_length\") has no value: missing"
        )
    }

    @Test func aForecastThatIsNotThereIsBlindness() async throws {
        let bench = try PolicyBench(
            "function policy.propose(ctx) return at_least(math.ceil(ctx.forecast:at(\"5m\")), \"soon\") end"
        )
        let run = await bench.propose(bench.context(outlook: nil))
        #expect(run.blindness == "there is no forecast yet", "\(run.outcome)")
    }

    @Test func aPolicyMayHandleItsBlindness() async throws {
        let bench = try PolicyBench(
            """
            function policy.propose(ctx)
              local ok, value = pcall(function() return ctx.kpi("queue_length"):last() end)
              if not ok then return hold("cannot see the queue") end
            end
            """
        )
        let run = await bench.propose(bench.context { _ in PolicyBench.none(.stale) })
        #expect(run.proposed == ["hold(): cannot see the queue"])
    }
}
