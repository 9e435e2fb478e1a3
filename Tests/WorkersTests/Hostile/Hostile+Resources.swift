import SandboxTesting

// Memory, time and stack. Each line is a script.

extension Hostile {
    static let memory: [Hostile] = [
        Hostile(
            "table of tables",
            .limit,
            "local t = {} while true do t = { t, t } t[3] = {} for i = 1, 9 do t[i + 3] = { i } end end"
        ),
        Hostile("string table", .limit, "local t = {} for i = 1, math.maxinteger do t[i] = ('x'):rep(100) .. i end"),
        Hostile("one array", .limit, "local t = {} for i = 1, math.maxinteger do t[i] = i end"),
        Hostile("negative keys", .limit, "local t = {} for i = 1, math.maxinteger do t[-i * 3] = i end"),
        Hostile("float keys", .limit, "local t = {} for i = 1, math.maxinteger do t[i + 0.5] = i end"),
        Hostile(
            "closures that keep each other",
            .limit,
            "local f for i = 1, math.maxinteger do local g = f f = function() return g, i end end"
        ),
        Hostile("rep with a separator", .limit, "return ('ab'):rep(2 ^ 53 // 1 | 0, ',')"),
        Hostile("rep of rep", .limit, "local s = 'x' while true do s = s:rep(1000) end"),
        Hostile("gsub that doubles", .limit, "local s = 'xx' while true do s = s:gsub('.', '%0%0') end"),
        Hostile("format that doubles", .limit, "local s = 'xx' while true do s = ('%s%s'):format(s, s) end"),
        Hostile("concat that doubles", .limit, "local s = 'xx' while true do s = table.concat({ s, s, s }, s) end"),
        Hostile(
            "concat of one text a million times",
            .limit,
            "local t, s = {}, ('x'):rep(10000) for i = 1, 100000 do t[i] = s end return table.concat(t)"
        ),
        Hostile("quoted text grows", .limit, "local s = '\"' while true do s = ('%q'):format(s) end"),
        Hostile(
            "upper of a large text for ever",
            .limit,
            "local s = ('x'):rep(1 << 20) while true do s = s:upper():lower():reverse() end"
        ),
        Hostile(
            "memory behind pcall",
            .limit,
            "while true do pcall(function() local t = {} for i = 1, 1e9 do t[i] = { i } end end) end"
        ),
        Hostile(
            "memory in __index",
            .limit,
            "local m = setmetatable({}, { __index = function(t, k) local s = ('x'):rep(k) rawset(t, k, s) return s end }) for i = 1, 1e9 do local _ = m[i] end"
        ),
        Hostile(
            "pieces of each size in turn",
            .limit,
            """
            for round = 1, math.maxinteger do
              for size = 500, 20, -16 do
                local t = {}
                for i = 1, 15000 do t[i] = ('x'):rep(size - 10) .. i end
              end
            end
            """
        ),
        Hostile("varargs", .limit, "local function f(...) return f(1, ...) end return f()"),
        Hostile(
            "pack of unpack",
            .limit,
            "local t = { 1 } while true do t = table.pack(table.unpack(t, 1, #t), table.unpack(t, 1, #t)) end"
        ),
        Hostile(
            "utf8 of all",
            .limit,
            "local t = {} for i = 1, math.maxinteger do t[i] = utf8.char(i % 0x10ffff, (i * 7) % 0xd7ff) end"
        ),
        Hostile(
            "a metatable for each object is no leak",
            .contained,
            "local n = 0 for i = 1, 60000 do local o = setmetatable({}, { __index = { x = i } }) n = n + o.x end if n ~= 1800030000 then return 'ESCAPED ' .. n end return n"
        ),
        Hostile(
            "state that grows",
            .contained,
            "kept = kept or {} for i = 1, 1e5 do kept[#kept + 1] = i end return #kept"
        ),
    ]

    static let time: [Hostile] = [
        Hostile("repeat", .limit, "repeat until false"),
        Hostile("empty for", .limit, "for i = 1, math.huge do end"),
        Hostile("for with a tiny step", .limit, "for i = 0, 1, 1e-300 do end"),
        Hostile("for downwards", .limit, "for i = math.maxinteger, math.mininteger, -1 do end"),
        Hostile("goto and back", .limit, "::a:: do goto b end ::b:: goto a"),
        Hostile("patterns of questions", .limit, "return (('a'):rep(28)):find(('a?'):rep(28) .. ('a'):rep(28) .. 'b')"),
        Hostile("patterns of stars", .limit, "return (('a'):rep(200)):match(('a*'):rep(12) .. 'b')"),
        Hostile("pattern with captures again", .limit, "return (('ab'):rep(3000)):match('(.-)(.-)(.-)%1%2%3x')"),
        Hostile(
            "set of many",
            .limit,
            "local set = '[' .. ('%a%d'):rep(10000) .. ']' local s = (' '):rep(10000) while true do s:find(set) end"
        ),
        Hostile("balanced on open ones", .limit, "local s = ('('):rep(200000) while true do s:find('%b()') end"),
        Hostile(
            "frontier on a long text",
            .limit,
            "local s = ('a '):rep(100000) while true do s:gsub('%f[%w]%f[%s]', '') end"
        ),
        Hostile(
            "gmatch within gmatch",
            .limit,
            "local s = ('ab '):rep(3000) for a in s:gmatch('%a+') do for b in s:gmatch('%a+') do for c in s:gmatch('%a') do end end end"
        ),
        Hostile(
            "plain find without end",
            .limit,
            "local s, p = ('a'):rep(1 << 20), ('a'):rep(1 << 19) .. 'b' while true do s:find(p, 1, true) end"
        ),
        Hostile(
            "remove from the front",
            .limit,
            "local t = {} for i = 1, 200000 do t[i] = i end while #t > 0 do table.remove(t, 1) end"
        ),
        Hostile("insert at the front", .limit, "local t = {} for i = 1, 1e9 do table.insert(t, 1, i) end"),
        Hostile(
            "move onto itself",
            .limit,
            "local t = {} for i = 1, 200000 do t[i] = i end while true do table.move(t, 1, #t, 2) t[#t] = nil end"
        ),
        Hostile("move of what is not there", .limit, "table.move({}, 1, math.maxinteger - 1, 2)"),
        Hostile(
            "sort again and again",
            .limit,
            "local t = {} for i = 1, 50000 do t[i] = -i end while true do table.sort(t, function(a, b) return a < b end) table.sort(t, function(a, b) return a > b end) end"
        ),
        Hostile(
            "next that starts over",
            .limit,
            "local t = {} for i = 1, 20000 do t['k' .. i] = i end local k while true do k = next(t, k) end"
        ),
        Hostile(
            "pairs within pairs",
            .limit,
            "local t = {} for i = 1, 3000 do t['k' .. i] = i end for _ in pairs(t) do for _ in pairs(t) do for _ in pairs(t) do end end end"
        ),
        Hostile(
            "lengths of holes",
            .limit,
            "local t = {} for i = 1, 100000, 2 do t[i] = i end local n = 0 while true do n = n + #t t[#t + 1] = nil end"
        ),
        Hostile("numbers as texts", .limit, "local n = 0.1 while true do n = tonumber(tostring(n)) + 1e-9 end"),
        Hostile(
            "long texts compared",
            .limit,
            "local a, b = ('x'):rep(4 << 20), ('x'):rep(4 << 20) .. 'y' local n = 0 while true do if a < b then n = n + 1 end end"
        ),
        Hostile(
            "continuation bytes",
            .limit,
            "local step, s = utf8.codes(('\\x80'):rep(4 << 20)) while true do pcall(step, s, 1) end"
        ),
        Hostile(
            "lengths in code points",
            .limit,
            "local s = ('é'):rep(1 << 20) while true do utf8.len(s) utf8.offset(s, -1) end"
        ),
        Hostile("random in a range of one", .limit, "while true do math.random(math.mininteger, math.maxinteger) end"),
        Hostile(
            "format of everything",
            .limit,
            "while true do ('%99.99f%99.99f%99.99f%99.99f'):format(1e308, -1e308, 1e-308, 1 / 3) end"
        ),
        Hostile(
            "select from many",
            .limit,
            "local function f(...) local n = 0 for i = 1, select('#', ...) do n = n + (select(i, ...)) end return n end local t = {} for i = 1, 100000 do t[i] = i end return f(table.unpack(t))"
        ),
    ]

    static let stack: [Hostile] = [
        Hostile("recursion", .error, "local function f() return 1 + f() end return f()"),
        Hostile("recursion in pcall", .error, "local function f() local ok, e = pcall(f) error(e) end f()"),
        Hostile(
            "recursion in __index",
            .error,
            "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end setmetatable(t, getmetatable(t)) return t.x"
        ),
        Hostile(
            "recursion in __tostring",
            .error,
            "local t = setmetatable({}, { __tostring = function(t) return tostring(t) end }) return tostring(t)"
        ),
        Hostile(
            "recursion in __eq",
            .error,
            "local m = {} m.__eq = function(a, b) return setmetatable({}, m) == setmetatable({}, m) end return setmetatable({}, m) == setmetatable({}, m)"
        ),
        Hostile("recursion in sort", .error, "local function f() table.sort({ 1, 2, 3 }, f) return true end f()"),
        Hostile("recursion in gsub", .error, "local function f(x) return (('a'):gsub('.', f)) end return f('a')"),
        Hostile("recursion in gmatch", .error, "local function f() for x in ('a'):gmatch('.') do f() f() end end f()"),
        Hostile("recursion in wrap", .error, "local function f() return coroutine.wrap(f)() end return f()"),
        Hostile(
            "recursion in pairs",
            .error,
            "local t = setmetatable({}, {}) local m = getmetatable(t) m.__pairs = function(t) return pairs(t) end setmetatable(t, m) for _ in pairs(t) do end error('x')"
        ),
        Hostile(
            "nested expressions",
            .error,
            "return " + String(repeating: "(", count: 30000) + "1" + String(repeating: ")", count: 30000)
        ),
        Hostile(
            "nested functions",
            .error,
            String(repeating: "return function() ", count: 3000) + String(repeating: "end ", count: 3000)
        ),
        Hostile("powers to the right", .error, "return 1" + String(repeating: "^1", count: 30000)),
        Hostile("joins to the right", .error, "return 'a'" + String(repeating: "..'a'", count: 9000)),
        Hostile(
            "many indices",
            .contained,
            "local t = setmetatable({}, {}) getmetatable(t).__index = function() return t end setmetatable(t, getmetatable(t)) return type(t"
                + String(repeating: ".x", count: 30000) + ")"
        ),
        Hostile("many alternatives", .contained, "local a return a" + String(repeating: " or a", count: 12000)),
        Hostile("many labels", .contained, (0..<6000).map { "::l\($0)::" }.joined() + " return 1"),
        Hostile("many jumps", .contained, String(repeating: "goto a ", count: 9000) + "::a:: return 1"),
    ]
}
