import ScriptProtocol
import Testing

@testable import LuaSandbox

/// What scripts are given, and what they are not.
struct EnvironmentTests {
    private let scripts = Scripts(limits: ScriptLimits(instructions: 1_000_000, wallMilliseconds: 5000))

    @Test(arguments: [
        "load", "loadstring", "loadfile", "dofile", "package", "io", "os", "debug", "collectgarbage", "warn",
        "newproxy",
        "string.dump", "string.pack", "string.unpack", "string.packsize", "coroutine.close",
    ])
    func isNotOffered(name: String) throws {
        #expect(try scripts.expression(name) == .null)
    }

    @Test func isExactlyTheAllowList() throws {
        let names = try scripts.value(
            """
            local names = {}
            local seen = {}
            local function walk(prefix, t)
              if seen[t] then return end
              seen[t] = true
              for name, value in pairs(t) do
                if type(value) == 'table' then walk(prefix .. name .. '.', value) else names[#names + 1] = prefix .. name end
              end
            end
            walk('', _G)
            table.sort(names)
            return table.concat(names, ' ')
            """
        )
        #expect(
            names
                == .string(
                    [
                        "_VERSION assert completes coroutine.create coroutine.isyieldable coroutine.resume coroutine.running coroutine.status",
                        "coroutine.wrap coroutine.yield error framed getmetatable input ipairs math.abs math.acos math.asin math.atan",
                        "math.ceil math.cos math.deg math.exp math.floor math.fmod math.huge math.log math.max math.maxinteger",
                        "math.min math.mininteger math.modf math.pi math.rad math.random math.randomseed math.sin math.sqrt",
                        "math.tan math.tointeger math.type math.ult next pairs pcall print rawequal rawget rawlen rawset require",
                        "select setmetatable string.byte string.char string.find string.format string.gmatch string.gsub string.len",
                        "string.lower string.match string.rep string.reverse string.sub string.upper table.concat table.insert",
                        "table.move table.pack table.remove table.sort table.unpack tonumber tostring type utf8.char",
                        "utf8.charpattern utf8.codepoint utf8.codes utf8.len utf8.offset xpcall",
                    ]
                    .joined(separator: " ")
                )
        )
    }

    @Test(arguments: ["__gc", "__mode", "__close", "__concat"])
    func metamethodsThatAreRefused(name: String) throws {
        let failure = try scripts.failure("local t = {}\nsetmetatable(t, { \(name) = function() end })")
        #expect(failure.kind == .raised)
        #expect(failure.message.hasPrefix("setmetatable: \(name) is not offered"))
        #expect(failure.line == 2)
        // Nor can they be added later.
        let later = try scripts.failure("local m = {}\nlocal t = setmetatable({}, m)\nm.\(name) = function() end")
        #expect(later.message.hasPrefix("\(name) is not offered"))
        #expect(later.line == 3)
        // They do nothing in a table that is no metatable.
        let plain = "local t = { \(name) = function() while true do end end } "
        #expect(try scripts.value(plain + "t = nil for i = 1, 1000 do local _ = {} end return 1") == .integer(1))
    }

    /// Each way to add a field to a metatable: none may add these.
    @Test(arguments: ["__gc", "__mode", "__close", "__concat"])
    func noWayLeadsIntoAMetatable(name: String) throws {
        let ways = [
            "m.NAME = f", "m['__' .. ('NAME'):sub(3)] = f", "rawset(m, 'NAME', f)",
            // What the table does with new fields makes no difference, be it set before or after, removed or not.
            "setmetatable(m, { __newindex = function(t, k, v) rawset(t, k, v) end }) m.NAME = f",
            "local up = { __newindex = function(t, k, v) rawset(t, k, v) end } setmetatable(m, up) up.__newindex = nil m.NAME = f",
            "local up = {} setmetatable(m, up) up.__newindex = rawset m.NAME = f",
            "setmetatable(m, { __newindex = m }) m.NAME = f", "setmetatable(m, m) m.NAME = f",
            "m.__newindex = rawset setmetatable(m, m) m.__newindex = nil m.NAME = f",
            "setmetatable(m, {}) setmetatable(m, nil) m.NAME = f",
            "setmetatable({}, { __newindex = m }).NAME = f",
            "getmetatable(t).NAME = f", "local _ENV = m NAME = f", "NAME, m.NAME = f, f",
            "local n = { NAME = f } pcall(setmetatable, {}, n) n.NAME = nil setmetatable(t, n) m = n n.NAME = f",
            "local n = {} setmetatable(n, {}) setmetatable(t, n) m = n n.NAME = f",
        ]
        for way in ways {
            let lua = """
                local rawset, rawget, setmetatable, getmetatable, pcall = rawset, rawget, setmetatable, getmetatable, pcall
                local function f() while true do end end
                local m = {}
                local t = setmetatable({}, m)
                local ok = pcall(function() \(way.replacing("NAME", with: name)) end)
                return { ok, rawget(m, "\(name)") == nil, getmetatable(t) == m }
                """
            #expect(try scripts.value(lua) == .list([.bool(false), .bool(true), .bool(true)]), "\(way)")
        }
    }

    /// What a metamethod says is believed as far as the limits go.
    @Test(arguments: ["sort(t)", "concat(t)", "remove(t, 1)", "insert(t, 1, 1)", "unpack(t)"])
    func aLengthThatIsALieIsNoWayOut(_ call: String) throws {
        let table = "local t = setmetatable({ 1 }, { __len = function() return 2^31 end }) "
        let failure = try #require(throws: LuaFailure.self) { try scripts.value(table + "table.\(call) return 1") }
        #expect([.raised, .instructionLimit].contains(failure.kind), "\(failure)")
        #expect(try scripts.value("local t = setmetatable({ 1 }, {}) table.\(call) return 1") == .integer(1))
    }

    @Test func metatablesWorkAsInLua() throws {
        #expect(
            try scripts.value(
                """
                local Point = {}
                Point.__index = Point
                Point.__add = function(a, b) return Point.new(a.x + b.x) end
                Point.__eq = function(a, b) return a.x == b.x end
                Point.__lt = function(a, b) return a.x < b.x end
                Point.__call = function(self, n) return self.x * n end
                Point.__len = function() return 7 end
                Point.__tostring = function(p) return 'point ' .. p.x end
                function Point.new(x) return setmetatable({ x = x }, Point) end
                function Point:double() return self.x * 2 end
                local a, b = Point.new(1), Point.new(2)
                return { (a + b).x, a == Point.new(1), a < b, b(10), #a, tostring(b), b:double(), getmetatable(a) == Point,
                  rawequal(a, Point.new(1)), rawlen(a) }
                """
            )
                == .list([
                    .integer(3), .bool(true), .bool(true), .integer(20), .integer(7), .string("point 2"), .integer(4),
                    .bool(true),
                    .bool(false), .integer(0),
                ])
        )
        #expect(
            try scripts.value(
                "local t = setmetatable({}, { __metatable = 'no' }) return { getmetatable(t), (pcall(setmetatable, t, {})) }"
            )
                == .list([.string("no"), .bool(false)])
        )
        #expect(
            try scripts.value("local t = setmetatable({}, { __index = function(_, k) return k .. '!' end }) return t.x")
                == .string("x!")
        )
        // The same table, changed and installed again, says the new, for those that have it already too.
        #expect(
            try scripts.value(
                "local m = {} local a = setmetatable({}, m) m.__index = { x = 1 } local b = setmetatable({}, m) return { tostring(a.x), b.x }"
            )
                == .list([.string("1"), .integer(1)])
        )
        #expect(try scripts.value("return getmetatable('')") == .null)
        #expect(
            try scripts.value(
                "local t = setmetatable(setmetatable({}, { __index = { x = 1 } }), nil) return tostring(t.x)"
            ) == .string("nil")
        )
    }

    @Test func textsHaveMethodsAndArithmetic() throws {
        #expect(try scripts.expression("('x'):rep(3)") == .string("xxx"))
        #expect(try scripts.expression("'10' + 1") == .integer(11))
        #expect(try scripts.expression("'3' * '4'") == .integer(12))
        #expect(try scripts.expression("10 .. 20") == .string("1020"))
        #expect(try scripts.failure("return 'a' + 1").message == "attempt to add a 'string' with a 'number'")
        #expect(try scripts.failure("return 1 + {}").message == "attempt to perform arithmetic on a table value")
    }

    @Test func noAddresses() throws {
        #expect(
            try scripts.expression(
                "{ tostring({}), tostring(print), tostring(coroutine.create(print)), string.format('%s', {}) }"
            )
                == .list([.string("table"), .string("function"), .string("thread"), .string("table")])
        )
        #expect(try scripts.failure("return string.format('%p', {})").message.contains("'%p' is not offered"))
        #expect(try scripts.run("print({}, print)").log == ["table function"])
    }

    @Test func randomNumbersComeFromTheSeed() throws {
        let script = "local t = {} for i = 1, 5 do t[i] = math.random(1000) end t[6] = math.random() return t"
        let one = try Scripts(seed: 1).value(script)
        #expect(try Scripts(seed: 1).value(script) == one)
        #expect(try Scripts(seed: 2).value(script) != one)
        #expect(
            try scripts.value(
                """
                local a = { math.random(100), math.random(100) }
                math.randomseed()
                local b = { math.random(100), math.random(100) }
                math.randomseed(7)
                local c = math.random(1 << 40)
                math.randomseed(7)
                for i = 1, 1000 do
                  local x, y, z = math.random(3), math.random(-2, 2), math.random()
                  assert(x >= 1 and x <= 3 and y >= -2 and y <= 2 and z >= 0 and z < 1)
                end
                math.randomseed(7)
                return a[1] == b[1] and a[2] == b[2] and c == math.random(1 << 40)
                """
            ) == .bool(true)
        )
        #expect(
            try scripts.failure("return math.random(0, -1)").message
                == "bad argument #1 to 'random' (interval is empty)"
        )
    }

    @Test func coroutinesWork() throws {
        #expect(
            try scripts.value(
                """
                local out = {}
                local co = coroutine.create(function(a)
                  local b = coroutine.yield(a + 1)
                  local ok = pcall(function() coroutine.yield(b * 2) error('x') end)
                  return ok
                end)
                out[1] = select(2, coroutine.resume(co, 1))
                out[2] = select(2, coroutine.resume(co, 5))
                out[3] = coroutine.status(co)
                out[4] = select(2, coroutine.resume(co))
                out[5] = coroutine.status(co)
                out[6] = coroutine.resume(co)
                for i in coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) do out[#out + 1] = i end
                out[#out + 1] = coroutine.isyieldable()
                out[#out + 1] = select(2, coroutine.running())
                return out
                """
            )
                == .list([
                    .integer(2), .integer(10), .string("suspended"), .bool(false), .string("dead"), .bool(false),
                    .integer(1),
                    .integer(2), .integer(3), .bool(false), .bool(true),
                ])
        )
    }
}
