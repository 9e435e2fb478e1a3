import ScriptProtocol
import Testing

@testable import ScriptAPI

struct DefineTests {
    @Test func aConstructorSaysWhatAndWhere() throws {
        for kind in ["persona", "fleet", "driver"] {
            let value = try Runs()
                .define("-- A comment.\nreturn \(kind) {\n  name = 'x', list = { 1, 2 },\n  f = function() end,\n}")
                .get().value
            #expect(
                value
                    == .sortedTable([
                        ("@kind", .string(kind)), ("@line", .integer(2)), ("f", .function(line: 4)),
                        ("list", .list([.integer(1), .integer(2)])), ("name", .string("x")),
                    ])
            )
        }
    }

    @Test func aPolicyIsAPlainTable() throws {
        let value = try Runs().define("local policy = { name = 'x' }\nfunction policy.propose(ctx) end\nreturn policy")
            .get().value
        #expect(value == .sortedTable([("name", .string("x")), ("propose", .function(line: 2))]))
        #expect(try Runs().define("local x = 1").get().value == .null)
        #expect(try Runs().define("return 'text'").get().value == .string("text"))
    }

    @Test(arguments: [
        ("return persona()", "persona is given no argument; expected one table: persona { name = \"…\" }"),
        ("return fleet('x')", "fleet is given a string; expected one table: fleet { name = \"…\" }"),
        ("return driver({}, {})", "driver is given 2 arguments; expected one table: driver { name = \"…\" }"),
        ("return fleet { trust = 0/0 }", "the definition.trust is not a number (NaN)"),
    ])
    func wrongDefinitionsAreExplained(script: String, message: String) {
        let failure = Runs().define(script).failure
        #expect(failure?.message == message)
        #expect(failure?.file == Runs.file)
    }

    @Test func errorsHaveAPlace() {
        let syntax = Runs().define("local x = 1\nlocal y = = 2").failure
        #expect(syntax?.kind == .syntax)
        #expect(syntax?.message == "unexpected symbol near '='")
        #expect(syntax?.line == 2)
        let raised = Runs().define("\nerror('no')").failure
        #expect(raised?.kind == .raised)
        #expect(raised?.line == 2)
        // A script that ends in the constructor keeps its line.
        #expect(Runs().define("\n\nreturn persona(1)").failure?.line == 3)
    }

    @Test func modulesComeFromTheRequestAlone() throws {
        var runs = Runs()
        runs.modules = ["lib.peaks": "return { at = 9 }", "lib.bad": "return ="]
        #expect(try runs.define("return { at = require('lib.peaks').at }").get().value["at"] == .integer(9))
        let os = runs.define("\nlocal os = require('os')").failure
        #expect(
            os?.message
                == "require finds no module \"os\"; only what lies in policies/lib can be required: there is lib.bad, lib.peaks"
        )
        #expect(os?.line == 2)
        let bad = runs.define("require 'lib.bad'").failure
        #expect(bad?.kind == .syntax)
        #expect(bad?.file == "policies/lib/bad.lua")
    }

    @Test func limitsAreKinds() {
        var runs = Runs()
        runs.limits = ScriptLimits(
            instructions: 50_000,
            wallMilliseconds: 5000,
            logBytes: 200,
            resultBytes: 2000,
            sourceBytes: 500
        )
        for (script, kind) in [
            ("while true do end", ScriptFailure.Kind.instructionLimit), ("return ('x'):rep(1 << 40)", .memoryLimit),
            ("for i = 1, 100 do print(i) end", .logLimit), ("return ('x'):rep(3000)", .resultLimit),
            (String(repeating: "-", count: 501), .sourceLimit),
        ] {
            let failure = runs.define(script).failure
            #expect(failure?.kind == kind)
            #expect(failure?.file == Runs.file)
        }
    }

    @Test func aRunLeavesNothingToTheNext() throws {
        let runs = Runs()
        _ = runs.define(
            "x = 1 string.rep = nil table.insert = nil pairs = nil host = 1 persona = nil setmetatable(_G, { __index = error })"
        )
        _ = runs.define("while true do end")
        #expect(
            try runs.define("return { x = tostring(x), n = ('a'):rep(2), p = type(persona) }").get().value
                == .sortedTable([("n", .string("aa")), ("p", .string("function")), ("x", .string("nil"))])
        )
    }
}
