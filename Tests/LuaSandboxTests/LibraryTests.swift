import ScriptProtocol
import Testing

@testable import LuaSandbox

/// Our own library does what Lua's does. Each line is an expression that holds in `lua5.4`, but where it says otherwise.
struct LibraryTests {
    private let scripts = Scripts()

    @Test(arguments: [
        // string
        "('hello'):sub(2, 3) == 'el'", "('hello'):sub(-3) == 'llo'", "('hello'):sub(0) == 'hello'",
        "('hello'):sub(4, 2) == ''",
        "('hello'):sub(-100, 2) == 'he'", "('hello'):sub(3, 100) == 'llo'",
        "('hello'):sub(math.mininteger, math.maxinteger) == 'hello'",
        "('A'):byte() == 65", "select('#', ('abc'):byte(1, -1)) == 3", "select('#', (''):byte()) == 0",
        "('abc'):byte(-1) == 99",
        "select('#', ('abc'):byte(10)) == 0", "string.char(72, 105) == 'Hi'", "string.char() == ''",
        "('aBc'):upper() == 'ABC'",
        "('aBc'):lower() == 'abc'", "('abc'):reverse() == 'cba'", "#('abc'):rep(3, '-') == 11", "('x'):rep(0) == ''",
        "('x'):rep(-1) == ''", "('abc'):len() == 3", "#'a\\0b' == 3",
        // format
        "string.format('%d', 3.0) == '3'", "string.format('%5d|%-5d|%05d', 42, 42, 42) == '   42|42   |00042'",
        "string.format('%+d', 5) == '+5'", "string.format('%x %X %#x %o', 255, 255, 255, 8) == 'ff FF 0xff 10'",
        "string.format('%.3f', 2/3) == '0.667'", "string.format('%g', 1e20) == '1e+20'",
        "string.format('%e', 12345.678) == '1.234568e+04'",
        "string.format('%s %s %s', nil, true, 12) == 'nil true 12'",
        "string.format('%10s|%-10s|', 'hi', 'hi') == '        hi|hi        |'",
        "string.format('%.2s', 'hello') == 'he'", "string.format('%%') == '%'",
        "string.format('%c%c', 72, 105) == 'Hi'",
        "string.format('%q', 'a\\n\"b\\\\') == '\"a\\\\\\n\\\\\"b\\\\\\\\\"'",
        "string.format('%q', 1/3) == '0x1.5555555555555p-2'",
        "string.format('%q', math.mininteger) == '0x8000000000000000'", "string.format('%i', '10') == '10'",
        "string.format('%s', setmetatable({}, { __tostring = function() return 'me' end })) == 'me'",
        "#string.format('%99.99f', 1e300) > 300", "string.format('%a', 1) == '0x1p+0'",
        "string.format('%s', ('x'):rep(500)) == ('x'):rep(500)", "string.format('%5s', 'é') == '   é'",
        // tostring and tonumber
        "tostring(1e15) == '1e+15'", "tostring(3.0) == '3.0'", "tostring(-0.0) == '-0.0'",
        "tostring(1e100) == '1e+100'",
        "tonumber('0x10') == 16", "tonumber('  12  ') == 12", "tonumber('1e1') == 10.0", "tonumber('12a') == nil",
        "tonumber('') == nil",
        "tonumber('z', 36) == 35", "tonumber('-ff', 16) == -255", "tonumber('8', 8) == nil",
        "tonumber('1 2', 10) == nil",
        "tonumber(nil) == nil", "tonumber('0x') == nil", "tonumber('1_000') == nil",
        "tonumber('7fffffffffffffff', 16) == math.maxinteger",
        // table
        "table.concat({ 1, 2, 'x' }, ', ') == '1, 2, x'", "table.concat({}) == ''",
        "table.concat({ 1, 2, 3 }, '-', 2) == '2-3'",
        "table.concat({ 1, 2, 3 }, '-', 2, 2) == '2'", "table.concat({}, 'x', math.maxinteger, 0) == ''",
        "#table.pack(1, nil, 3) >= 1", "table.pack(1, nil, 3).n == 3",
        "select('#', table.unpack({ 1, 2, nil, 4 }, 1, 4)) == 4",
        "table.unpack({ 1, 2, 3 }, -1, 1) == nil", "select('#', table.unpack({}, 1, 0)) == 0",
        "select('#', table.unpack({}, math.maxinteger, math.maxinteger)) == 1", "table.remove({}) == nil",
        "table.remove({ 1, 2 }) == 2",
        "table.remove({ 1, 2, 3 }, 1) == 1", "table.concat(table.move({ 1, 2, 3 }, 1, 3, 2)) == '1123'",
        "table.concat(table.move({ 1, 2, 3 }, 2, 3, 1)) == '233'",
        "table.concat(table.move({ 1, 2 }, 1, 2, 1, { 9, 9, 9 })) == '129'",
        "#table.move({}, 1, 0, 5) == 0",
        // select, next, ipairs
        "select('#') == 0", "select(-1, 1, 2, 3) == 3", "next({}) == nil", "next({ 7 }) == 1", "rawequal('a', 'a')",
        "rawlen('abc') == 3",
        "math.type(math.tointeger(3.0)) == 'integer'", "math.max(1, 2.5) == 2.5", "7 // 2 == 3", "-7 % 3 == 2",
        "utf8.len('héllo') == 5", "utf8.char(233) == 'é'", "utf8.codepoint('é') == 233", "#utf8.charpattern > 0",
    ])
    func agreesWithLua(expression: String) throws {
        #expect(try scripts.expression("(\(expression))") == .bool(true))
    }

    @Test(arguments: [
        ("string.char(256)", "bad argument #1 to 'char' (value out of range)"),
        ("string.format('%d', 1.5)", "bad argument #2 to 'format' (number has no integer representation)"),
        ("string.format('%d')", "bad argument #2 to 'format' (no value)"),
        ("string.format('%y', 1)", "invalid conversion '%y' to 'format'"),
        ("string.format('%123d', 1)", "invalid conversion specification: '%123d'"),
        ("string.format('%5s', 'a\\0b')", "bad argument #2 to 'format' (string contains zeros)"),
        ("table.concat({ 1, {}, 3 })", "invalid value (table) at index 2 in table for 'concat'"),
        ("table.insert({}, 5, 1)", "bad argument #2 to 'insert' (position out of bounds)"),
        ("table.insert({}, 1, 2, 3)", "wrong number of arguments to 'insert'"),
        ("table.remove({ 1 }, 7)", "bad argument #1 to 'remove' (position out of bounds)"),
        ("table.unpack({}, 1, 1e8)", "too many results to unpack"),
        ("table.unpack({}, math.mininteger, math.maxinteger)", "too many results to unpack"),
        ("table.move({}, 1, math.maxinteger, 2)", "bad argument #4 to 'move' (destination wrap around)"),
        ("table.sort({ 1, 'x' })", "attempt to compare string with number"),
        ("select(0)", "bad argument #1 to 'select' (index out of range)"),
        ("tonumber('1', 99)", "bad argument #2 to 'tonumber' (base out of range)"),
        ("setmetatable(1, {})", "bad argument #1 to 'setmetatable' (table expected, got number)"),
        ("pairs(nil)", "bad argument #1 to 'for iterator' (table expected, got nil)"),
        ("nothing()", "attempt to call a nil value (global 'nothing')"),
        ("coroutine.resume(1)", "bad argument #1 to 'resume' (coroutine expected, got number)"),
        ("tostring(setmetatable({}, { __tostring = function() return {} end }))", "'__tostring' must return a string"),
    ])
    func mistakesAreErrors(expression: String, message: String) throws {
        let failure = try scripts.failure("local _ = 1\nlocal x = (\(expression))")
        #expect(
            failure.message == message
                || message.contains("for iterator") && failure.message.hasPrefix("bad argument #1 to")
        )
        #expect(failure.kind == .raised)
        #expect(failure.line == 2)
    }

    @Test func insertAndRemoveShift() throws {
        #expect(
            try scripts.value(
                """
                local t = { 1, 2, 3 }
                table.insert(t, 4)
                table.insert(t, 1, 0)
                table.insert(t, 6, 5)
                local removed = table.remove(t, 2)
                return { table.concat(t, ','), removed, #t }
                """
            ) == .list([.string("0,2,3,4,5"), .integer(1), .integer(5)])
        )
    }

    @Test func sortIsStableAndSurvivesWrongOrders() throws {
        #expect(
            try scripts.value(
                """
                local t = {}
                for i = 1, 200 do t[i] = { key = i * 7 % 5, at = i } end
                table.sort(t, function(a, b) return a.key < b.key end)
                for i = 2, 200 do
                  local a, b = t[i - 1], t[i]
                  if a.key > b.key or (a.key == b.key and a.at > b.at) then return i end
                end
                local numbers = {}
                for i = 1, 100 do numbers[i] = i * 37 % 101 end
                table.sort(numbers)
                for i = 1, 100 do if numbers[i] ~= i then return -i end end
                for _, order in ipairs { function() return true end, function() return false end,
                  function() return math.random() < 0.5 end } do
                  local u = { 5, 3, 9, 1, 7 }
                  table.sort(u, order)
                  if #u ~= 5 or u[1] + u[2] + u[3] + u[4] + u[5] ~= 25 then return -1000 end
                end
                return 0
                """
            ) == .integer(0)
        )
    }

    @Test func pairsHasOneOrder() throws {
        let script = """
            local t = { [true] = 'b', [2.5] = 'f', [10] = 'i', [-1] = 'n', z = 'z', a = 'a', ['a b'] = 's', 'first', 'second' }
            local keys = {}
            for k in pairs(t) do keys[#keys + 1] = tostring(k) end
            local again = {}
            local k = next(t)
            while k ~= nil do
              again[#again + 1] = tostring(k)
              k = next(t, k)
            end
            return { table.concat(keys, ' '), table.concat(again, ' ') }
            """
        let order = ScriptValue.string("-1 1 2 2.5 10 a a b z true")
        for _ in 1...3 { #expect(try scripts.value(script) == .list([order, order])) }
        // Tables, functions and coroutines come last, in the order of their making.
        let objects = """
            local t = { x = 0 }
            for i = 1, 300 do
              local key = ({ {}, function() return i end, coroutine.create(function() end) })[i % 3 + 1]
              t[key] = i
            end
            t[print] = 301
            local by_pairs, by_next, k = {}, {}, nil
            for key, value in pairs(t) do by_pairs[#by_pairs + 1] = value end
            repeat
              k = next(t, k)
              by_next[#by_next + 1] = t[k]
            until k == nil
            local order = table.concat(by_pairs, ' ')
            return { order == table.concat(by_next, ' '), #by_pairs, order }
            """
        let seen = try scripts.value(objects)
        guard case .list(let items) = seen else {
            Issue.record("\(seen)")
            return
        }
        let made = (1...301).map(String.init).joined(separator: " ")
        #expect(items == [.bool(true), .integer(302), .string("0 " + made)])
        for _ in 1...3 { #expect(try scripts.value(objects) == seen) }
        // Nor does it hang on what was deleted before, where hashes decide which memory is used again.
        let listeners = """
            local cache, listeners, seen = {}, {}, {}
            for i = 1, 400 do
              cache["name" .. i] = i
              cache["name" .. (i - i % 7)] = nil
              listeners[i % 2 == 0 and function() return i end or { i }] = i
              if i % 5 == 0 then listeners[next(listeners)] = nil end
            end
            for _, i in pairs(listeners) do seen[#seen + 1] = i end
            return table.concat(seen, " ")
            """
        let heard = try scripts.value(listeners)
        for _ in 1...10 { #expect(try scripts.value(listeners) == heard) }
        #expect(
            try scripts.value(
                "local t = { a = 1, b = 2, c = 3 } for k in pairs(t) do t[k] = nil end return next(t) == nil"
            ) == .bool(true)
        )
        #expect(
            try scripts.value(
                "local t = setmetatable({}, { __pairs = function(t) return function(_, k) if not k then return 1, 2 end end, t, nil end }) for k, v in pairs(t) do return k + v end"
            )
                == .integer(3)
        )
    }

    @Test func requireCachesAndRunsOnce() throws {
        var scripts = scripts
        scripts.modules = [
            "lib.a": "print('loaded') local b = require('lib.b') return { n = b.n + 1 }",
            "lib.b": "return { n = 1 }",
            "lib.loop": "return require('lib.loop')",
            "lib.bad": "local x = 1\nlocal y = = 2",
            "lib.fails": "\nerror('no luck')",
            "lib.silent": "x = 1",
        ]
        let ended = try scripts.run(
            "return { require('lib.a').n, require('lib.a') == require('lib.a'), require('lib.silent') }"
        )
        #expect(ended.value == .list([.integer(2), .bool(true), .bool(true)]))
        #expect(ended.log == ["loaded"])

        let failure = try scripts.failure("\nrequire('os')")
        #expect(failure.message == "there is no module os")
        #expect(failure.line == 2)
        #expect(try scripts.failure("require('lib.loop')").message.contains("require each other in a circle"))

        let bad = try scripts.failure("require('lib.bad')")
        #expect(bad.kind == .syntax)
        #expect(bad.file == "policies/lib.bad.lua")
        #expect(bad.line == 2)

        let fails = try scripts.failure("require('lib.fails')")
        #expect(fails == LuaFailure(kind: .raised, message: "no luck", file: "policies/lib.fails.lua", line: 2))
    }
}
