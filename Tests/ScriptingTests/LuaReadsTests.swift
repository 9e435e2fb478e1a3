import Testing

@testable import Scripting

struct LuaReadsTests {
    @Test func literalNamesAreFound() {
        let source = """
            local a = ctx.kpi("queue_length")
            local b = ctx.kpi "error_rate"
            local c = ctx.kpi("latency_ms", {
              agg = "p99", persona = "web" }):mean("5m")
            """
        let reads = LuaReads.kpis(in: Array(source.utf8))
        #expect(reads.map(\.kpi) == ["queue_length", "error_rate", "latency_ms"])
        #expect(reads.map(\.line) == [1, 2, 3])
        #expect(reads.map(\.persona) == [nil, nil, "web"])
        #expect(reads.last?.personaLine == 4)
    }

    @Test(arguments: [
        "ctx.kpi(name)", "ctx.kpi(\"queue_\" .. name)", "-- ctx.kpi(\"queue\")", "local s = [[ctx.kpi(\"queue\")]]",
        "kpi(\"queue\")", "ctx.kpi", "ctx.kpi(", "x = { kpi = \"queue\" }",
    ])
    func whatIsComputedOrNoReadIsLeftAlone(source: String) {
        #expect(LuaReads.kpis(in: Array(source.utf8)).isEmpty)
    }

    @Test func requiredModulesAreFound() {
        let source =
            "local a = require(\"lib.a\")\nlocal b = require 'lib.b'\nlocal c = require(\"lib.\" .. name)\nrequire"
        let modules = LuaReads.modules(in: Array(source.utf8))
        #expect(modules.map(\.name) == ["lib.a", "lib.b", nil, nil])
        #expect(modules.map(\.line) == [1, 2, 3, 4])
    }
}
