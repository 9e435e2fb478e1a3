import Domain
import Testing

@testable import Scripting

struct BrokenFleetTests {
    private static let file = "policies/fleets/shop.lua"

    @Test(arguments: [
        Mistake(
            "driver = \"simulate\"",
            insteadOf: "driver = \"simulated\"",
            says:
                "3: error: there is no driver \"simulate\"; known: simulated (did you mean \"simulated\"?)"
        ),
        Mistake(
            "target = { size = 1 },\n  driver",
            insteadOf: "driver",
            says:
                "3: error: unknown key target.size; none is known here"
        ),
        Mistake(
            "personas = { \"wbe\" }",
            insteadOf: "personas = { \"web\" }",
            says:
                "4: error: there is no persona \"wbe\"; expected one of policies/personas (did you mean \"web\"?)"
        ),
        Mistake(
            "personas = {\n    \"web\",\n    \"web\" }",
            insteadOf: "personas = { \"web\" }",
            says:
                "6: error: personas[2]: persona \"web\" is named twice; remove one"
        ),
        Mistake(
            "personas = {}",
            insteadOf: "personas = { \"web\" }",
            says:
                "4: error: personas is empty; list at least one, the first is the default"
        ),
        Mistake(
            "personas = \"web\"",
            insteadOf: "personas = { \"web\" }",
            says:
                "4: error: personas is \"web\"; expected a list of persona names"
        ),
        Mistake(
            "policies = { \"stead\" }",
            insteadOf: "policies = { \"steady\" }",
            says:
                "5: error: there is no policy \"stead\"; expected one of policies/scaling (did you mean \"steady\"?)"
        ),
        Mistake(
            "polices = { \"steady\" }",
            insteadOf: "policies = { \"steady\" }",
            says:
                "5: error: unknown key polices; known here: demand, driver, freeze, grid, headroom, interval, kpis, limits, mode, "
                + "name, on_blind, personas, policies, prediction, target, timezone, trust (did you mean \"policies\"?)"
        ),
        Mistake(
            "demand = \"request_rat\"",
            insteadOf: "demand = \"request_rate\"",
            says:
                "4: error: persona \"web\" says no capacity for this fleet's demand \"request_rat\"; "
                + "add capacity = { request_rat = … } to policies/personas/web.lua (did you mean \"request_rate\"?)"
        ),
        Mistake(
            "demand = { utilization = \"cpu_utilization\" }",
            insteadOf: "demand = \"request_rate\"",
            says:
                "6: error: demand.target is missing; at which utilisation is a resource full? such as target = \"70%\""
        ),
        Mistake(
            "demand = { utilization = \"cpu_utilization\", target = 70 }",
            insteadOf: "demand = \"request_rate\"",
            says:
                "6: error: demand.target: found 70: it is more than 1000%; expected a share such as \"20%\" or 0.2 (did you mean \"70%\"?)"
        ),
        Mistake(
            "timezone = \"Europe/Berln\", demand",
            insteadOf: "demand",
            says:
                "6: error: there is no time zone \"Europe/Berln\"; expected an IANA name such as \"Europe/Berlin\" "
                + "(did you mean \"Europe/Berlin\"?)"
        ),
        Mistake(
            "timezone = \"CET\", demand",
            insteadOf: "demand",
            says:
                "6: error: there is no time zone \"CET\"; expected an IANA name such as \"Europe/Berlin\""
        ),
        Mistake(
            "mode = \"acts\", demand",
            insteadOf: "demand",
            says:
                "6: error: mode is \"acts\"; expected one of \"observe\", \"advise\", \"approve\", \"act\" (did you mean \"act\"?)"
        ),
        Mistake(
            "grid = \"1m\", interval = \"2m\", demand",
            insteadOf: "demand",
            says:
                "6: error: interval is longer than grid: a forecast step would pass without a decision; expected at most the grid"
        ),
        Mistake(
            "grid = \"10ms\", interval = \"1s\", demand",
            insteadOf: "demand",
            says:
                "6: error: grid: found \"10ms\"; expected a duration from \"1s\" to \"1d\""
        ),
        Mistake(
            "mni = 2",
            insteadOf: "min = 2",
            says:
                "7: error: unknown key limits.mni; known here: cost_per_hour, max, min, removals, reversals, settle, step_down, step_up "
                + "(did you mean \"min\"?)"
        ),
        Mistake(
            "min = 2.5",
            insteadOf: "min = 2",
            says:
                "7: error: limits.min is 2.5; expected a whole number from 0 to 100000"
        ),
        Mistake("min = 20", insteadOf: "min = 2", says: "7: error: limits.max (10) is below limits.min (20)"),
        Mistake(
            "min = 0",
            insteadOf: "min = 2",
            says:
                "7: error: limits.min is 0, but demand \"request_rate\" is reported by resources: without any, nothing would ever be "
                + "measured; expected at least 1, or kpis.request_rate with resource_label = false if it is measured elsewhere "
                + "(a queue, a balancer)"
        ),
        Mistake(
            "step_up = \"100%\", min = 2",
            insteadOf: "min = 2",
            says:
                "7: error: limits.step_up: found \"100%\": it has no window; expected an amount per window such as \"100%/1m\" or \"5/1h\" "
                + "(did you mean \"100%/1m\"?)"
        ),
        Mistake(
            "settle = \"5 minutes\", min = 2",
            insteadOf: "min = 2",
            says:
                "7: error: limits.settle: found \"5 minutes\": \"minutes\" is no unit of it; expected a duration such as \"90s\", \"5m\", "
                + "\"1.5h\" or \"14d\" (did you mean \"5m\"?)"
        ),
        Mistake(
            "freeze = { { from = \"2026-12-27\", to = \"2026-12-24\" } }, demand",
            insteadOf: "demand",
            says:
                "6: error: freeze[1].to is not after freeze[1].from; a freeze ends when `to` begins"
        ),
        Mistake(
            "freeze = { { from = \"2026-02-30\", to = \"2026-12-24\", allow = \"down\" } }, demand",
            insteadOf: "demand",
            says:
                "6: error: freeze[1].allow is \"down\"; expected one of \"none\", \"out\", \"in\"",
            "6: error: freeze[1].from is \"2026-02-30\"; expected a date such as \"2026-12-24\" or \"2026-12-24 18:00\""
        ),
        Mistake(
            "kpis = { request_rate = { metrc = \"x\", resource_label = true } },\n  demand",
            insteadOf: "demand",
            says:
                "6: error: kpis.request_rate.resource_label is true; "
                + "expected the name of a label, or false where it is not measured at a resource",
            "6: error: unknown key kpis.request_rate.metrc; known here: agent, match, metric, per, quantile, rate, resource_label "
                + "(did you mean \"metric\"?)"
        ),
        Mistake(
            "kpis = { p99 = { metric = \"x\", quantile = 99, per = \"a b\" } },\n  demand",
            insteadOf: "demand",
            says:
                "6: error: kpis.p99.per: \"a b\" is no name of a metric; expected letters, digits, _ and :",
            "6: error: kpis.p99.quantile is 99; expected a number from 0 to 1 such as 0.99"
        ),
        Mistake(
            "kpis = { errors = { metric = \"x\", per = \"y\", rate = true, resource_label = \"pod\" } },\n  demand",
            insteadOf: "demand",
            says:
                "6: error: kpis.errors.rate: per counts gains already; leave rate out",
            "6: error: kpis.errors.resource_label: agents send the KPI under the label instance, and per makes it theirs; "
                + "leave resource_label out"
        ),
    ])
    func aSlipIsExplained(mistake: Mistake) async throws {
        let found = try await mistake.errors(in: Self.file)
        #expect(found == mistake.says.map { "\(Self.file):\($0)" })
    }

    @Test func quantilesAndRatiosAreTheAgents() async throws {
        let sound = try #require(WorkspaceFolder.sound[Self.file])
        let kpis = """
            kpis = {
                errors = { metric = "errors_total", per = "requests_total" },
                p99 = { metric = "duration_seconds", quantile = 0.99, match = { job = "shop" } },
                queue = { metric = "jobs", agent = true },
                request_rate = { metric = "requests_total", rate = true },
              },
            """
        let fleet = sound.replacing("demand =", with: kpis + "\n  demand =")
        let mappings = try #require(try await WorkspaceFolder([Self.file: fleet]).load().fleet("shop")).kpis
        #expect(mappings.map(\.per) == ["requests_total", nil, nil, nil])
        #expect(mappings.map(\.quantile) == [nil, 0.99, nil, nil])
        #expect(mappings.map(\.isSentByAgents) == [true, true, true, false])
    }

    @Test func zeroIsAllowedWhereDemandIsMeasuredElsewhere() async throws {
        let sound = try #require(WorkspaceFolder.sound[Self.file])
        let fleet = sound.replacing("min = 2", with: "min = 0")
            .replacing("demand =", with: "kpis = { request_rate = { resource_label = false } },\n  demand =")
        let workspace = try await WorkspaceFolder([Self.file: fleet]).load()
        #expect(workspace.fleet("shop")?.limits.min == 0)
        #expect(workspace.fleet("shop")?.kpis.first?.resourceLabel == "")
    }

    @Test func zeroIsRefusedWhereDemandIsTheUtilisationOfResources() async throws {
        let sound = try #require(WorkspaceFolder.sound[Self.file])
        let fleet = sound.replacing("min = 2", with: "min = 0")
            .replacing("\"request_rate\"", with: "{ utilization = \"cpu_utilization\", target = \"70%\" }")
        let errors = try await WorkspaceFolder([Self.file: fleet]).errors()
        #expect(
            errors == [
                "policies/fleets/shop.lua:7: error: limits.min is 0, but demand is the utilisation of resources (cpu_utilization): "
                    + "without any, nothing would ever be measured; expected at least 1, or a demand that exists without resources"
            ]
        )
    }

    @Test func aDriverIsToldWhatItReads() async throws {
        let drivers = [DriverInterface(name: "kubernetes", config: ["namespace", "deployment"])]
        let sound = try #require(WorkspaceFolder.sound[Self.file])
        func fleet(_ target: String) -> String {
            sound.replacing("driver = \"simulated\"", with: "driver = \"kubernetes\", target = { \(target) }")
        }
        let workspace = try await WorkspaceFolder([Self.file: fleet("namespace = \"shop\", deployment = 1")])
            .load(drivers: drivers)
        #expect(workspace.fleet("shop")?.target.map(\.name) == ["deployment", "namespace"])
        let errors = try await WorkspaceFolder([Self.file: fleet("namespac = \"shop\"")]).errors(drivers: drivers)
        #expect(
            errors == [
                "policies/fleets/shop.lua:3: error: unknown key target.namespac; known here: deployment, namespace "
                    + "(did you mean \"namespace\"?)"
            ]
        )
    }
}
