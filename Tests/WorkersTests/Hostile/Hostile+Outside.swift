import SandboxTesting

// The library, what is handed out, and what the host answers. Each line is a script.

extension Hostile {
    static let library: [Hostile] = [
        Hostile("widths", .error, "return ('%1000s'):format('x')"),
        Hostile("precisions", .error, "return ('%.1000f'):format(1)"),
        Hostile("flags without end", .error, "return ('%' .. ('-'):rep(1000) .. 'd'):format(1)"),
        Hostile("star as width", .error, "return ('%*d'):format(5, 5)"),
        Hostile("writing back", .error, "return ('%n'):format(1)"),
        Hostile("addresses", .error, "return ('%p'):format({})"),
        Hostile(
            "no addresses in texts",
            .contained,
            "for _, v in ipairs { {}, print, function() end, coroutine.create(print) } do if tostring(v):find('%d') then return 'ESCAPED ' .. tostring(v) end end return 1"
        ),
        Hostile("zeros in a width", .error, "return ('%10s'):format('a\\0b')"),
        Hostile("characters beyond", .error, "return string.char(256)"),
        Hostile("code points beyond", .error, "return utf8.char(-1)"),
        Hostile("code points of nonsense", .error, "return utf8.codepoint('\\xff', 1, 1)"),
        Hostile(
            "positions beyond",
            .contained,
            "local s = 'abc' return { s:sub(math.mininteger, math.maxinteger), s:sub(math.maxinteger, math.mininteger), (s:byte(math.mininteger, math.maxinteger)), s:find('b', math.mininteger) }"
        ),
        Hostile("bytes of a large text", .error, "return (('x'):rep(2000000)):byte(1, -1)"),
        Hostile("unpack of all", .error, "return table.unpack({}, math.mininteger, math.maxinteger)"),
        Hostile("concat of nothing", .error, "return table.concat({}, ',', math.mininteger, math.maxinteger)"),
        Hostile(
            "sort by nonsense",
            .contained,
            "local n = 0 local t = {} for i = 1, 500 do t[i] = i * 7919 % 503 end table.sort(t, function(a, b) n = n + 1 return n % 3 ~= 0 end) local seen = {} for _, v in ipairs(t) do if seen[v] then return 'ESCAPED' end seen[v] = true end return #t"
        ),
        Hostile(
            "sort that empties its list",
            .contained,
            "local t = {} for i = 1, 500 do t[i] = -i end table.sort(t, function(a, b) for i = 1, #t do t[i] = nil end return a < b end) return #t"
        ),
        Hostile("sort of all kinds", .error, "table.sort({ 1, 'x', {}, print, true })"),
        Hostile("gsub with a function that raises", .error, "return ('abc'):gsub('.', function(c) error(c) end)"),
        Hostile(
            "gsub with a function that gives a table",
            .error,
            "return ('abc'):gsub('.', function() return {} end)"
        ),
        Hostile(
            "gsub with a table that loops",
            .error,
            "local t = setmetatable({}, {}) local m = getmetatable(t) m.__index = t setmetatable(t, m) return ('abc'):gsub('.', t)"
        ),
        Hostile("numbers in odd bases", .error, "return tonumber('10', 99)"),
        Hostile(
            "numerals without end",
            .contained,
            "return { tonumber(('9'):rep(100000)) or 'none', tonumber('0x' .. ('f'):rep(100000)) or 'none', tonumber('1e' .. ('9'):rep(1000)) == math.huge }"
        ),
        Hostile("ranges of chance", .error, "return math.random(2, 1)"),
        Hostile("time is not there", .error, "return os.time()"),
        Hostile("files are not there", .error, "return io.open('/etc/passwd')"),
        Hostile("load is not there", .error, "return load('return 1')()"),
        Hostile("debug is not there", .error, "return debug.getinfo(1)"),
        Hostile("collectgarbage is not there", .error, "return collectgarbage('stop')"),
        Hostile("dump is not there", .error, "return string.dump(function() end)"),
        Hostile("pack is not there", .error, "return string.pack('i16', 1)"),
    ]

    static let results: [Hostile] = [
        Hostile("deep", .contained, "local t = {} local r = t for i = 1, 100000 do t.t = {} t = t.t end return r"),
        Hostile(
            "wide",
            .limit,
            "local t = {} for i = 1, 20000 do t[i] = { a = i, b = ('x'):rep(100) } end return { t = t } , error('not reached ' .. #t .. ('x'):rep(17 << 20))"
        ),
        Hostile("shared", .contained, "local t = {} for i = 1, 40 do t = { t, t } end return t"),
        Hostile("cycle", .contained, "local t = {} t[1] = t return t"),
        Hostile("large text", .contained, "return ('x'):rep(4 << 20)"),
        Hostile("keys of all kinds", .contained, "return { [true] = 1, [1.5] = 2, [{}] = 3, [print] = 4, x = 5 }"),
        Hostile("keys that are no text", .contained, "return { ['\\xff\\xfe'] = '\\x80', ['\\0'] = '\\0' }"),
        Hostile(
            "numbers at the edge",
            .contained,
            "return { math.maxinteger, math.mininteger, 2 ^ 1023, -0.0, 5e-324, 0 / 0 }"
        ),
        Hostile(
            "tables that answer otherwise",
            .contained,
            "return setmetatable({}, { __index = function() return 'ESCAPED' end, __len = function() return 1e9 end, __pairs = function() return function() return 'ESCAPED', 'ESCAPED' end end })"
        ),
        Hostile("forged kind", .contained, "return { ['@kind'] = 'fleet', ['@line'] = -1, name = ('x'):rep(1000) }"),
        Hostile("log", .limit, "while true do print(('x'):rep(100)) end"),
        Hostile(
            "log of many values",
            .limit,
            "local t = {} for i = 1, 10000 do t[i] = i end while true do print(table.unpack(t)) end"
        ),
        Hostile("log of empty lines", .limit, "while true do print() end"),
        Hostile(
            "log with controls",
            .contained,
            "print('\\27[2Jx\\r\\n[2026-01-01] ESCAPED forged line\\0\\x9b') return 1"
        ),
        Hostile(
            "log of what speaks",
            .limit,
            "print(setmetatable({}, { __tostring = function(t) print(t) return '' end })) while true do print('x') end"
        ),
    ]

    static let host: [Hostile] = [
        Hostile("require of files", .error, "require('/etc/passwd')"),
        Hostile("require upwards", .error, "require('lib.../../secrets')"),
        Hostile("require with a zero", .error, "require('lib.x\\0.lua')"),
        Hostile("require of a huge name", .error, "require(('x'):rep(1 << 20))"),
        Hostile("require of a number", .error, "require(12)"),
        Hostile("require of libraries", .error, "require('string')"),
        Hostile("require for ever", .limit, "while true do pcall(require, 'lib.x') end"),
        Hostile("require with controls", .error, "require('\\27[2J\\n')"),
        Hostile("proposals of nonsense", .error, "hold({}, print, 0 / 0)"),
        Hostile("proposals of cycles", .error, "local t = {} t.t = t scale_out(t)"),
        Hostile(
            "proposals with many arguments",
            .error,
            "hold(table.unpack({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 }))"
        ),
        Hostile("proposals without end", .limit, "while true do pcall(hold, ('x'):rep(1000)) end"),
        Hostile("constructors of nonsense", .error, "persona(1)"),
        Hostile(
            "series of nonsense",
            .contained,
            "function propose(ctx) for _, v in ipairs { 1, '', {}, print, 0 / 0, ('x'):rep(1 << 16), '\\xff' } do pcall(ctx.kpi, v) pcall(ctx.kpi, 'x', v) pcall(ctx.kpi, v, v, v) end return ctx.nothing end"
        ),
        Hostile("series without end", .contained, "function propose(ctx) for i = 1, 1e9 do ctx.kpi('k' .. i) end end"),
        Hostile(
            "windows of nonsense",
            .contained,
            "function propose(ctx) local s = ctx.kpi('x') for _, w in ipairs { '', '-1m', '999999999999999h', 'x', ('9'):rep(1000) .. 'm', '1e308s', {}, -1, 0 / 0, math.huge } do pcall(s.mean, s, w) pcall(s.rate, s, w) pcall(s.quantile, s, w, w) end return s.nothing end"
        ),
        Hostile(
            "handles that are forged",
            .contained,
            "function propose(ctx) local s = ctx.kpi('x') for _, h in ipairs { -1, 1e9, 0.5, '0', {}, math.mininteger } do pcall(s.mean, { handle = h }, '5m') end return hold('x') end"
        ),
        Hostile(
            "forecasts without end",
            .contained,
            "function propose(ctx) for i = 1, 1e9 do ctx.forecast:at(i .. 's', 0.5 + i / 1e6) end end"
        ),
        Hostile(
            "resources of nonsense",
            .contained,
            "function propose(ctx) for _, v in ipairs { -1, 0 / 0, math.huge, '1', {}, 1e308 } do pcall(ctx.resources_for, v) pcall(ctx.resources_for, 1, v) end return 1 end"
        ),
        Hostile(
            "context that is emptied",
            .contained,
            "function propose(ctx) for k in pairs(ctx) do ctx[k] = nil end setmetatable(ctx, nil) ctx.ctx = ctx return ctx end"
        ),
    ]
}
