import Testing

struct BrokenPolicyTests {
    private static let file = "policies/scaling/steady.lua"

    @Test(arguments: [
        Mistake(
            "{ name = \"stead\" }",
            insteadOf: "{ name = \"steady\" }",
            says:
                "1: error: policy \"stead\" is defined in steady.lua; a file is named after what it defines, rename one of them"
        ),
        Mistake(
            "{ name = \"steady\", margin = 2 }",
            insteadOf: "{ name = \"steady\" }",
            says:
                "1: error: unknown key margin; known here: choose_persona, merge, name, propose"
        ),
        Mistake(
            "function policy.purpose",
            insteadOf: "function policy.propose",
            says:
                "1: error: propose is missing; a policy proposes: function policy.propose(ctx) … end",
            "2: error: unknown key purpose; known here: choose_persona, merge, name, propose (did you mean \"propose\"?)"
        ),
        Mistake(
            "policy.merge = 3\nreturn policy",
            insteadOf: "return policy",
            says:
                "5: error: merge is 3; expected a function"
        ),
        Mistake(
            "return persona(policy)",
            insteadOf: "return policy",
            says:
                "5: error: this defines a persona, no policy; expected a plain table with name and propose"
        ),
        Mistake(
            "return 7",
            insteadOf: "return policy",
            says:
                "5: error: the script returns 7; expected a plain table with name and propose"
        ),
        Mistake(
            "local hours = require(\"lib.hous\")",
            insteadOf: "local policy = { name = \"steady\" }",
            says:
                "1: error: there is no module \"lib.hous\"; expected a file below policies/lib, \"lib.x\" for policies/lib/x.lua"
        ),
        Mistake(
            "local p = ctx.kpi(\"latncy_ms\")\n  return",
            insteadOf: "return at",
            says:
                "3: error: ctx.kpi reads \"latncy_ms\", which no persona and no fleet has among its kpis (did you mean \"latency_ms\"?)"
        ),
        Mistake(
            "local p = ctx.kpi(\"latency_ms\", { agg = \"max\",\n    persona = \"wbe\" })\n  return nil --",
            insteadOf: "return at",
            says:
                "4: error: ctx.kpi reads persona \"wbe\", which there is not (did you mean \"web\"?)"
        ),
    ])
    func aSlipIsExplained(mistake: Mistake) async throws {
        let found = try await mistake.errors(in: Self.file)
        #expect(found == mistake.says.map { "\(Self.file):\($0)" })
    }

    @Test func aHookIsOnePolicys() async throws {
        let hook = """
            local policy = { name = "NAME" }
            function policy.propose(ctx) end
            function policy.merge(ctx, proposals, prediction) return 3 end
            return policy
            """
        let fleet = try #require(WorkspaceFolder.sound["policies/fleets/shop.lua"])
        let errors = try await WorkspaceFolder([
            Self.file: hook.replacing("NAME", with: "steady"),
            "policies/scaling/other.lua": hook.replacing("NAME", with: "other"),
            "policies/fleets/shop.lua": fleet.replacing("{ \"steady\" }", with: "{ \"steady\",\n \"other\" }"),
        ])
        .errors()
        #expect(
            errors == [
                "policies/fleets/shop.lua:6: error: policies \"steady\" and \"other\" both have the hook merge; a fleet takes at most one"
            ]
        )
    }

    @Test func aModuleThatIsMissingIsSearchedBelowLib() async throws {
        let policy = "local hours = require(\"hours\")\nreturn { name = \"steady\", propose = function(ctx) end }"
        let errors = try await WorkspaceFolder([Self.file: policy, "policies/lib/hours.lua": "return { open = 8 }"])
            .errors()
        #expect(
            errors == [
                "policies/scaling/steady.lua:1: error: there is no module \"hours\"; expected a file below policies/lib, "
                    + "\"lib.x\" for policies/lib/x.lua (did you mean \"lib.hours\"?)"
            ]
        )
    }

    @Test func modulesMayNotRequireEachOtherInACircle() async throws {
        let errors = try await WorkspaceFolder([
            Self.file: "local a = require(\"lib.a\")\nreturn { name = \"steady\", propose = function(ctx) end }",
            "policies/lib/a.lua": "local b = require(\"lib.b\")\nreturn {}",
            "policies/lib/b.lua": "\nlocal a = require(\"lib.a\")\nreturn {}",
        ])
        .errors()
        #expect(
            errors == [
                "policies/lib/a.lua:1: error: modules require each other in a circle: lib.a → lib.b → lib.a"
            ]
        )
    }

    @Test func aModuleReturnsATable() async throws {
        let errors = try await WorkspaceFolder(["policies/lib/peaks.lua": "local peak = 3\nreturn peak"]).errors()
        #expect(
            errors == [
                "policies/lib/peaks.lua:2: error: the module returns 3; expected a table of what it offers to those that require it"
            ]
        )
    }

    @Test func aTestFileHoldsTestsOfDifferentNames() async throws {
        let errors = try await WorkspaceFolder([
            "policies/tests/empty_test.lua": "-- nothing yet",
            "policies/tests/twins_test.lua": "test(\"a\", function(t) end)\n\nproperty(\"a\", function(t) end)",
        ])
        .errors()
        #expect(
            errors == [
                "policies/tests/empty_test.lua: error: the file holds no test; expected test(\"…\", function(t) … end) or property(…)",
                "policies/tests/twins_test.lua:3: error: there is a case \"a\" already, in line 1",
            ]
        )
    }
}
