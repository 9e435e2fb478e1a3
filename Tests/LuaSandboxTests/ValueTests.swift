import ScriptProtocol
import Testing

@testable import LuaSandbox

/// Plain data crosses whole; what is not plain data is an error that says where it is.
struct ValueTests {
    private let scripts = Scripts()

    @Test(arguments: [
        ("nil", ScriptValue.null), ("true", .bool(true)), ("42", .integer(42)), ("4.5", .number(4.5)),
        ("4.0", .number(4)),
        ("'é\\0x'", .string("é\0x")), ("{}", .list([])),
        ("{ 1, 'a', { 2 } }", .list([.integer(1), .string("a"), .list([.integer(2)])])),
        (
            "{ b = 1, a = { c = false } }",
            .table([.init("a", .table([.init("c", .bool(false))])), .init("b", .integer(1))])
        ),
        ("math.mininteger", .integer(.min)), ("-0.0", .number(-0.0)),
        ("setmetatable({ 1 }, { __len = function() return 9 end })", .list([.integer(1)])),
        ("setmetatable({}, { __index = function() return 1 end })", .list([])),
    ])
    func plainDataCrosses(expression: String, value: ScriptValue) throws {
        #expect(try scripts.expression(expression) == value)
    }

    @Test(arguments: [
        ("return 0/0", "result is not a number (NaN)"),
        ("return { a = { b = { 1, 0/0 } } }", "result.a.b[2] is not a number (NaN)"),
        ("return { ['low-latency'] = 1/0 }", "result[\"low-latency\"] is infinite"),
        ("return { -1/0 }", "result[1] is infinite"),
        ("return print", "result is a function; expected plain data"),
        ("return { f = function() end }", "result.f is a function; expected plain data"),
        ("return { co = coroutine.create(print) }", "result.co is a coroutine; expected plain data"),
        ("local t = {} t.self = t return t", "result.self is the same table as result, which holds it"),
        ("local t = { x = {} } t.x.y = t.x return t", "result.x.y is the same table as result.x, which holds it"),
        (
            "local s = {} return { a = s, b = s }",
            "result.b is a table that is there twice; expected a table of its own at each place"
        ),
        ("return { 1, nil, 3 }", "result is a list with holes; expected positions 1, 2, 3, … without a gap"),
        ("return { 1, x = 2 }", "result mixes names and positions as keys; expected a list or a table of names"),
        ("return { [true] = 1 }", "result has keys that are neither texts nor positions 1, 2, 3, …"),
        ("return { [1.5] = 1 }", "result has keys that are neither texts nor positions 1, 2, 3, …"),
        ("return { [0] = 1 }", "result has keys that are neither texts nor positions 1, 2, 3, …"),
        ("return { x = '\\xff' }", "result.x is a text that is not UTF-8"),
        ("return { x = '\\xed\\xa0\\x80' }", "result.x is a text that is not UTF-8"),
        ("return { ['\\xc0\\x80'] = 1 }", "has a key that is not UTF-8"),
        (
            "local t = {} for i = 1, 10001 do t[i] = i end return t",
            "result holds too much; expected at most 10000 values in all"
        ),
        (
            "local t = {} for i = 1, 101 do t[i] = {} for j = 1, 100 do t[i][j] = j end end return t",
            "expected at most 10000 in all"
        ),
        (
            "local t = {} local u = t for i = 1, 17 do u.x = {} u = u.x end return t",
            "is nested too deeply; expected at most 16"
        ),
    ])
    func whatIsNotPlainIsNamed(script: String, message: String) throws {
        let failure = try scripts.failure(script)
        #expect(failure.kind == .badResult)
        #expect(failure.message.contains(message), "\(failure.message)")
    }

    @Test func sixteenDeepAndTenThousandValuesAreFine() throws {
        _ = try scripts.value("local t = {} local u = t for i = 1, 15 do u.x = {} u = u.x end return t")
        _ = try scripts.value("local t = {} for i = 1, 9999 do t[i] = i end return t")
    }

    @Test func theFirstMistakeIsTheSameEachTime() throws {
        let script = "local t = {} for i = 1, 50 do t['k' .. i] = 0/0 end return t"
        for _ in 1...5 { #expect(try scripts.failure(script).message == "result.k1 is not a number (NaN)") }
    }

    @Test func definitionsKeepFunctions() throws {
        let ended = try scripts.run(
            "local shared = { 1 }\nreturn { ['@kind'] = 'fleet',\n  f = function() end, a = shared, b = shared }",
            .definition
        )
        #expect(
            ended.value
                == .table([
                    .init("@kind", .string("fleet")), .init("a", .list([.integer(1)])),
                    .init("b", .list([.integer(1)])),
                    .init("f", .function(line: 3)),
                ])
        )
        let wrong = try scripts.run("return { ['@kind'] = 'fleet', x = 0/0 }", .definition)
        #expect(wrong.failure?.message == "result.x is not a number (NaN)")
    }

    @Test func modulesMayHoldWhatIsNotPlain() throws {
        let ended = try scripts.run(
            "local C = { name = 'c', far = math.huge } C.__index = C C.co = coroutine.create(print) return C",
            .definition
        )
        #expect(ended.value == .table([.init("far", .number(.infinity)), .init("name", .string("c"))]))
    }

    @Test func hostFunctionsTakeAndGivePlainData() throws {
        var scripts = scripts
        scripts.globals = [
            ("echo", { call throws(LuaFailure) in .list(call.arguments) }),
            ("line", { call throws(LuaFailure) in .integer(Int64(call.line ?? -1)) }),
            ("numbers", { _ throws(LuaFailure) in .numbers([1, 2.5]) }),
        ]
        #expect(
            try scripts.value(
                "local r = echo(1, 'x', nil, { a = { true } }, 0/0, print)\nreturn { r[1], r[2], r[4].a[1], r[5] ~= r[5] }"
            )
                == .list([.integer(1), .string("x"), .bool(true), .bool(true)])
        )
        #expect(try scripts.value("\n\nreturn line()") == .integer(3))
        #expect(try scripts.value("return numbers()") == .list([.number(1), .number(2.5)]))
        let failure = try scripts.failure("local t = {} t.t = t\necho(1, t)")
        #expect(failure.message == "argument 2.t is the same table as argument 2, which holds it")
        #expect(failure.line == 2)
    }
}
