import ScriptProtocol
import Testing

@testable import LuaSandbox

/// An error says what happened, and the script's own line where it did.
struct ErrorTests {
    private let scripts = Scripts()

    @Test(arguments: [
        ("\nerror('boom')", "boom", 2),
        ("local function f()\n  error('deep')\nend\nf()", "deep", 2),
        ("local function f()\n  error('caller', 2)\nend\nf()", "caller", 4),
        ("\nerror('plain', 0)", "plain", 2),
        ("\nerror('far', 100)", "far", 2),
        ("\nlocal x = nil\nreturn x.y", "attempt to index a nil value (local 'x')", 3),
        ("\nreturn #nil", "attempt to get length of a nil value", 2),
        ("\nassert(false)", "assertion failed!", 2),
        ("\nassert(nil, 'is nil')", "is nil", 2),
        ("\nerror()", "the script raised nil", 2),
        ("\nerror({ code = 1 })", "the script raised a value that is no text: table", 2),
        (
            "\nerror(setmetatable({}, { __tostring = function() return 'my error' end }))",
            "the script raised a value that is no text: my error", 2
        ),
        ("\nerror(42)", "the script raised a value that is no text: 42", 2),
        (
            "\nerror(setmetatable({}, { __tostring = error }))",
            "the script raised a value that cannot be put into words", 2
        ),
        ("\nstring.rep()", "bad argument #1 to 'rep' (string expected, got no value)", 2),
        ("\nlocal t = setmetatable({}, { __index = function(_, k)\n  error('no ' .. k)\nend })\nreturn t.x", "no x", 3),
        ("local co = coroutine.wrap(function()\n  error('inside')\nend)\nco()", "inside", 2),
        (
            "local co = coroutine.wrap(function()\n  local x = nil + 1\nend)\nco()",
            "attempt to perform arithmetic on a nil value", 2
        ),
        ("\nlocal ok, e = pcall(error, 'x')\nerror(e, 0)", "x", 3),
        (
            "local function f() return f() + 1 end\nlocal function g()\n  return string.gsub('a', 'a', function() error('in gsub') end)\nend\ng()",
            "in gsub", 3
        ),
        ("\nerror('two\\nlines\\27[31m')", "two lines [31m", 2),
        // The same text, raised elsewhere before.
        (
            "pcall(coroutine.wrap(function()\n  assert(false, 'no')\nend))\nassert(1 == 2, 'no')", "no", 4
        ),
        ("pcall(coroutine.wrap(function()\n  error('no', 0)\nend))\nerror('no', 0)", "no", 4),
        ("\ncoroutine.yield(1)", "attempt to yield from outside a coroutine", 2),
        ("local t <close> = 42", "variable 't' got a non-closable value", 1),
    ])
    func hasAPlace(script: String, message: String, line: Int) throws {
        #expect(
            try scripts.failure(script) == LuaFailure(kind: .raised, message: message, file: Scripts.file, line: line)
        )
    }

    @Test(arguments: [
        ("x = = 1", "unexpected symbol near '='", 1),
        ("\n\nif true then", "'end' expected near <eof>", 3),
        ("local s = 'abc\n'", "unfinished string near ''abc'", 1),
        ("goto nowhere", "no visible label 'nowhere' for <goto> at line 1", 1),
        ("\nlocal x <const> = 1\nx = 2", "attempt to assign to const variable 'x'", 3),
    ])
    func syntaxErrorsHaveAPlace(script: String, message: String, line: Int) throws {
        #expect(
            try scripts.failure(script) == LuaFailure(kind: .syntax, message: message, file: Scripts.file, line: line)
        )
    }

    @Test func bytecodeIsNoScript() throws {
        let failure = try scripts.failure("\u{1b}Lua")
        #expect(failure.kind == .syntax)
    }

    @Test func deepNestingIsASyntaxError() throws {
        let failure = try scripts.failure("return " + String(repeating: "(", count: 5000))
        #expect(failure.kind == .syntax)
        #expect(failure.message == "the script is nested too deeply")
        #expect(failure.file == Scripts.file)
    }

    @Test func longMessagesAreCut() throws {
        let failure = try scripts.failure("error(('x'):rep(100000))")
        #expect(failure.message.utf8.count < 2100)
        #expect(failure.line == 1)
    }

    @Test func longFileNamesAreWhole() throws {
        let name = "policies/scaling/" + String(repeating: "long-", count: 20) + "name.lua"
        let limits = ScriptLimits()
        let state = try LuaState(limits: limits, seed: 0) { _ throws(LuaFailure) in
            throw LuaFailure(kind: .raised, message: "")
        }
        for (text, message) in [
            ("\nerror('a')", "a"), ("\nlocal x = nil + 1", "attempt to perform arithmetic on a nil value"),
        ] {
            let code = try LuaCompiler().code(ScriptSource(name: name, bytes: Array(text.utf8)), limits: limits)
            let failure = #expect(throws: LuaFailure.self) { try state.evaluate(try state.load(code)) }
            #expect(failure == LuaFailure(kind: .raised, message: message, file: name, line: 2))
        }
        let failure = #expect(throws: LuaFailure.self) {
            try LuaCompiler().code(ScriptSource(name: name, bytes: Array("\n=".utf8)), limits: limits)
        }
        #expect(failure == LuaFailure(kind: .syntax, message: "unexpected symbol near '='", file: name, line: 2))
    }

    // MARK: Errors of host functions

    private var withHost: Scripts {
        var scripts = Scripts()
        scripts.globals = [
            ("fail", { _ throws(LuaFailure) in throw LuaFailure(kind: .raised, message: "the host says no") }),
            ("look", { _ throws(LuaFailure) in throw LuaFailure(kind: .blind, message: "nothing to see") }),
        ]
        return scripts
    }

    @Test func hostErrorsStandAtTheCallingLine() throws {
        #expect(
            try withHost.failure("\nfail()")
                == LuaFailure(kind: .raised, message: "the host says no", file: Scripts.file, line: 2)
        )
        // As the last thing of a function as well.
        #expect(try withHost.failure("\nreturn fail()").line == 2)
        #expect(
            try withHost.value("local ok, e = pcall(fail) return e")
                == .string("policies/scaling/x.lua:1: the host says no")
        )
        #expect(
            try withHost.value("\nlocal ok, e = pcall(function()\n fail() end) return e")
                == .string("policies/scaling/x.lua:3: the host says no")
        )
    }

    @Test func blindnessIsAKindOfItsOwn() throws {
        let blind = LuaFailure(kind: .blind, message: "nothing to see", file: Scripts.file, line: 2)
        #expect(try withHost.failure("\nlook()") == blind)
        #expect(try withHost.failure("local function f()\n  look()\nend\ncoroutine.wrap(f)()") == blind)
        // Caught, and raised again later.
        #expect(
            try withHost
                .failure(
                    "local ok, e = pcall(function()\n look() end)\npcall(error, 'other')\npcall(fail)\nerror(e, 0)"
                )
                .kind == .blind
        )
        #expect(
            try withHost.value("local ok, e = pcall(function() look() end) return e")
                == .string("policies/scaling/x.lua:1: nothing to see")
        )
        for again in [
            "assert(pcall(look))", "assert(pcall(coroutine.wrap(look)))", "local ok, e = pcall(look) error(e)",
        ] {
            #expect(try withHost.failure("\npcall(fail) \(again)") == blind)
        }
        // What a script makes of it is an error like any other.
        #expect(try withHost.failure("local ok, e = pcall(look) error('sorry: ' .. e)").kind == .raised)
        #expect(try withHost.failure("error('nothing to see')").kind == .raised)
    }

    @Test func framedFunctionsKeepTheLine() throws {
        // The function of the prelude is written in Lua; called in `return f()`, it would take the place of the script's frame.
        let limits = ScriptLimits()
        let state = try LuaState(limits: limits, seed: 0) { _ throws(LuaFailure) in
            throw LuaFailure(kind: .raised, message: "")
        }
        let host = try state.hostTable([
            ("fail", { _ throws(LuaFailure) in throw LuaFailure(kind: .blind, message: "no") })
        ])
        let prelude = try LuaCompiler.internalCode(
            "local host, globals = ...\nglobals.f = host.framed(function(...)\n  return host.fail(...)\nend)",
            name: "=troupe"
        )
        _ = try state.call(try state.load(prelude), [host, .globals], results: 0)
        let code = try LuaCompiler()
            .code(ScriptSource(name: Scripts.file, bytes: Array("\n\n\nreturn f(1)".utf8)), limits: limits)
        let failure = #expect(throws: LuaFailure.self) { try state.evaluate(try state.load(code)) }
        #expect(failure == LuaFailure(kind: .blind, message: "no", file: Scripts.file, line: 4))
    }
}
