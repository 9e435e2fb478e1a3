import ScriptProtocol
import Testing

@testable import ScriptAPI

/// Whole runs of policies, from the request to what the host reads.
struct PolicyRunTests {
    private var runs: Runs {
        var runs = Runs()
        runs.kpis = [
            "queue_length": .integer(12), "request_rate": .number(240), "request_latency_p99_ms": .string("stale"),
        ]
        return runs
    }

    @Test(arguments: [
        ("ctx.now.hour", ScriptValue.integer(12)), ("ctx.fleet.name", .string("storefront")),
        ("ctx.capacity.ready", .integer(4)),
        ("ctx.personas[1].name", .string("low-latency")), ("ctx.personas['background-task'].capacity", .integer(30)),
        ("#ctx.personas", .integer(2)), ("ctx.calendar.today", .string("sale")),
        ("ctx.calendar.on('2026-03-02')", .string("sale")),
        ("tostring(ctx.calendar.on('2026-03-03'))", .string("nil")),
        ("ctx.kpi('queue_length'):mean('5m')", .integer(12)),
        ("ctx.kpi('queue_length').status", .string("ok")), ("ctx.kpi('nothing').status", .string("missing")),
        ("ctx.demand:last()", .integer(240)), ("ctx.demand:p(0.9, '1h')", .integer(240)),
        ("ctx.forecast.model", .string("ridge")),
        ("ctx.forecast.trust", .number(0.8)), ("ctx.forecast:at('30m', 0.9)", .integer(300)),
        ("ctx.forecast:peak('1h')", .integer(300)),
        ("ctx.resources_for(300)", .integer(3)), ("ctx.resources_for(300, 'background-task')", .integer(10)),
        ("next(ctx.state) == nil", .bool(true)),
        (
            "ctx.fleet == ctx.fleet and ctx.demand == ctx.demand and ctx.personas[2] == ctx.personas['background-task']",
            .bool(true)
        ),
        ("select('#', pcall(function() ctx.fleet.name = 'mine' end)) and ctx.fleet.name", .string("mine")),
        (
            "(function() local all = {} for k, v in pairs(ctx) do all[#all + 1] = k .. ':' .. type(v) end return table.concat(all, ' ') end)()",
            .string(
                "calendar:table capacity:table fleet:table forecast:table kpi:function now:table personas:table resources_for:function state:table"
            )
        ),
    ])
    func whatAPolicySees(expression: String, value: ScriptValue) throws {
        #expect(try runs.look(expression) == value)
    }

    /// Its parts are made when a script looks at them, which no script notices: it is a table that had them from the start.
    @Test(arguments: [
        ("rawget(ctx, 'fleet').name .. tostring(rawget(ctx, 'nothing'))", "storefrontnil"),
        ("rawequal(rawget(ctx, 'fleet'), ctx.fleet) and ctx.fleet.name", "storefront"),
        ("tostring(next(ctx)) .. type(select(2, next(ctx, 'calendar')))", "calendartable"),
        (
            "(function() local all = {} for k in next, ctx do all[#all + 1] = k end return table.concat(all, ' ') end)()",
            "calendar capacity fleet forecast kpi now personas resources_for state"
        ),
        (
            "(function() for k in pairs(ctx) do ctx[k] = nil end return tostring(next(ctx)) .. tostring(rawget(ctx, 'now')) end)()",
            "nilnil"
        ),
        ("(function() ctx.now = nil return tostring(pcall(function() return ctx.now end)) end)()", "false"),
        (
            "(function() local _ = ctx.now ctx.now = nil return tostring(pcall(function() return ctx.now end)) end)()",
            "false"
        ),
        (
            "(function() rawset(ctx, 'now', nil) return tostring(rawget(ctx, 'now')) .. ctx.fleet.name end)()",
            "nilstorefront"
        ),
        (
            "(function() ctx.now, ctx.mine = 'mine', 'my' return rawget(ctx, 'now') .. ctx.mine .. ctx.fleet.name end)()",
            "minemystorefront"
        ),
        ("(function() setmetatable(ctx, nil) return ctx.fleet.name .. tostring(ctx.demand) end)()", "storefrontnil"),
        (
            "(function() setmetatable(ctx, { __index = { demand = 'mine' } }) return ctx.fleet.name .. ctx.demand end)()",
            "storefrontmine"
        ),
        ("setmetatable({}, { __index = ctx }).fleet.name", "storefront"),
    ])
    func theContextIsATable(expression: String, value: String) throws {
        #expect(try runs.look(expression) == .string(value))
    }

    @Test func proposalsAndStateAreAnswered() throws {
        let one = try runs.propose("return at_least(3, 'why'), { seen = 1 }").get().value
        #expect(
            one["first"]
                == .sortedTable([("ask", .string("at_least")), ("count", .integer(3)), ("reason", .string("why"))])
        )
        #expect(one["second"] == .sortedTable([("seen", .integer(1))]))
        #expect(try runs.propose("return nil").get().value == .table([]))
        #expect(try runs.propose("return { hold('a'), scale_by('20%', 'b') }").get().value["first"]?.items.count == 2)
        var again = runs
        again.state = .sortedTable([("seen", .integer(1))])
        #expect(try again.look("ctx.state.seen + 1") == .integer(2))
    }

    @Test func hooksGetTheirArguments() throws {
        var runs = runs
        runs.extra = [
            ("prediction", .sortedTable([("need", .integer(5))])),
            ("proposals", .list([.sortedTable([("count", .integer(7))])])),
            ("shortfall", .sortedTable([("demand", .number(100)), ("resources", .integer(2))])),
        ]
        let script = """
            return {
              merge = function(ctx, proposals, prediction) return math.max(proposals[1].count, prediction.need), ctx.fleet.name end,
              choose_persona = function(ctx, shortfall) return { ['low-latency'] = shortfall.resources } end,
            }
            """
        #expect(
            try runs.call(script, "merge").get().value
                == .sortedTable([("first", .integer(7)), ("second", .string("storefront"))])
        )
        #expect(
            try runs.call(script, "choose_persona").get().value
                == .sortedTable([("first", .sortedTable([("low-latency", .integer(2))]))])
        )
        #expect(runs.call(script, "propose").failure?.message == "the policy has no function propose")
        #expect(
            runs.call(script, "describe").failure?.message
                == "a policy has no entry \"describe\"; known: propose, merge, choose_persona"
        )
        #expect(runs.call("return 1").failure?.message == "the script returns no table; expected return policy")
    }

    @Test func everyLookIsInTheTranscript() throws {
        let result = try runs.propose("return at_least(ctx.resources_for(ctx.demand:mean('5m')), 'x')").get()
        #expect(result.transcript.map(\.call) == ["demand", "demand:mean(\"5m\")", "resources_for(240)"])
        let failed = runs.propose("local q = ctx.kpi('queue_length') error('then')").failure
        #expect(failed?.transcript.map(\.call) == ["kpi(\"queue_length\")"])
    }

    @Test func blindnessEndsTheRunAsBlindness() {
        let failure =
            runs.call(
                "local policy = {}\nfunction policy.propose(ctx)\n  local p99 = ctx.kpi('request_latency_p99_ms')\n  return p99:mean('5m')\nend\nreturn policy"
            )
            .failure
        #expect(failure?.kind == .blind)
        #expect(failure?.message == "kpi(\"request_latency_p99_ms\") has no value: stale")
        #expect(failure?.file == Runs.file)
        #expect(failure?.line == 4)
        var noForecast = runs
        noForecast.forecast = nil
        #expect(noForecast.propose("return at_least(ctx.forecast:peak('30m', 0.9), 'x')").failure?.kind == .blind)
    }

    @Test func blindnessCanBeCaught() throws {
        let value = try runs.look("select(2, pcall(function() return ctx.kpi('nothing'):last() end))")
        #expect(value == .string("policies/scaling/x.lua:1: kpi(\"nothing\") has no value: missing"))
    }

    @Test(arguments: [
        ("return scale_to(3.7, 'x')", "scale_to: n is 3.7; expected a whole number of resources; math.ceil rounds up"),
        ("return at_least(3)", "at_least: reason is nil; expected a text that says why, for the person on call"),
        (
            "return ctx.kpis('x')",
            "ctx has no kpis; known: calendar, capacity, demand, fleet, forecast, kpi, now, personas, resources_for, state"
        ),
        (
            "return ctx.kpi('queue_length').mean('5m')",
            "mean is a method of a series: call it with a colon, series:mean(…)"
        ),
        (
            "return ctx.kpi('queue_length'):avg('5m')",
            "a series has no avg; known: last, mean, min, max, p, slope, rate, count, age"
        ),
        ("return ctx.forecast.at('5m')", "at is a method of the forecast: call it with a colon, ctx.forecast:at(…)"),
        (
            "return ctx.kpi('queue_length'):mean(5)",
            ":mean: window is 5; expected a duration such as \"5m\", \"90s\" or \"2h\""
        ),
        ("return ctx.kpi(print)", "ctx.kpi: name is a function; expected the name of a KPI"),
        (
            "return ctx.resources_for(1, 'none')",
            "ctx.resources_for: this fleet has no persona \"none\"; it has low-latency, background-task"
        ),
        (
            "return { 1, x = 2 }",
            "the first result of propose mixes names and positions as keys; expected a list or a table of names"
        ),
        ("return nil, { f = print }", "the second result of propose.f is a function; expected plain data"),
    ])
    func mistakesStandAtTheirLine(body: String, message: String) {
        let failure = runs.call("local policy = {}\nfunction policy.propose(ctx)\n  \(body)\nend\nreturn policy")
            .failure
        #expect(failure?.message == message)
        #expect(failure?.file == Runs.file)
        if failure?.kind != .badResult { #expect(failure?.line == 3) }
    }

    @Test func printGoesToTheLog() throws {
        #expect(
            try runs.propose("print('ready', ctx.capacity.ready) print('\\27[2Jx')").get().log == ["ready 4", " [2Jx"]
        )
        #expect(runs.propose("print('before') error('x')").failure?.log == ["before"])
    }

    @Test func runsOfTheSameInputAreTheSame() throws {
        let body =
            "local t = {} for k, v in pairs({ c = 1, a = 2, b = 3 }) do t[#t + 1] = k .. v end return { table.concat(t), math.random(1e9) }"
        let first = try runs.propose(body).get()
        let second = try runs.propose(body).get()
        #expect(first.value == second.value)
        #expect(first.usage.instructions == second.usage.instructions)
        var other = runs
        other.seed = 8
        #expect(try other.propose(body).get().value != first.value)
    }

    @Test func whatAScriptChangesDoesNotReachTheAPI() throws {
        let value =
            try runs.call(
                "setmetatable, type, ipairs, pairs, math.abs = nil local policy = {} function policy.propose(ctx) return { ctx.kpi('queue_length'):last(), ctx.demand:last() } end return policy"
            )
            .get().value
        #expect(value["first"] == .list([.integer(12), .integer(240)]))
    }
}
