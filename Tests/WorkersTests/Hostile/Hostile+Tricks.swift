import SandboxTesting

// Coroutines, metatables, errors, the language itself. Each line is a script.

extension Hostile {
    static let coroutines: [Hostile] = [
        Hostile(
            "threads that are kept",
            .limit,
            "local t = {} while true do t[#t + 1] = coroutine.create(function() coroutine.yield() end) coroutine.resume(t[#t]) end"
        ),
        Hostile("threads that are dropped", .limit, "while true do coroutine.wrap(function() local x = 1 end)() end"),
        Hostile(
            "ping pong",
            .limit,
            "local f = coroutine.wrap(function() while true do coroutine.yield() end end) while true do f() end"
        ),
        Hostile(
            "a yield in everything",
            .contained,
            "local co = coroutine.wrap(function() table.sort({ 2, 1 }, function() coroutine.yield() return true end) end) local ok, e = pcall(co) return tostring(ok)"
        ),
        Hostile(
            "a yield in gsub",
            .contained,
            "local co = coroutine.create(function() return (('a'):gsub('a', function() coroutine.yield(1) end)) end) return tostring(coroutine.resume(co))"
        ),
        Hostile("a yield out of the main thread", .error, "coroutine.yield(1)"),
        Hostile(
            "resume of oneself",
            .contained,
            "local co co = coroutine.create(function() local ok, e = coroutine.resume(co) return ok, e end) local _, ok = coroutine.resume(co) if ok then return 'ESCAPED' end return 'contained'"
        ),
        Hostile(
            "resume of the main thread",
            .contained,
            "local main = coroutine.running() local co = coroutine.wrap(function() return coroutine.resume(main, 1, 2, 3) end) local ok = co() if ok then return 'ESCAPED' end return coroutine.status(main)"
        ),
        Hostile("wrap of a dead one", .error, "local f = coroutine.wrap(function() end) f() f()"),
        Hostile(
            "many values through a yield",
            .contained,
            "local co = coroutine.wrap(function(...) while true do coroutine.yield(...) end end) local t = {} for i = 1, 50000 do t[i] = i end return select('#', co(table.unpack(t)))"
        ),
        Hostile(
            "errors in threads for ever",
            .limit,
            "while true do local co = coroutine.create(function() error({}) end) coroutine.resume(co) end"
        ),
        Hostile("close is not there", .error, "coroutine.close(coroutine.create(print))"),
    ]

    static let metatables: [Hostile] = [
        Hostile("finalizer", .error, "setmetatable({}, { __gc = function() while true do end end })"),
        Hostile("weak keys", .error, "setmetatable({}, { __mode = 'k' })"),
        Hostile(
            "closing",
            .error,
            "local x <close> = setmetatable({}, { __close = function() while true do end end })"
        ),
        Hostile("joining", .error, "local x = setmetatable({}, { __concat = function() return 1 end }) return x .. x"),
        Hostile(
            "finalizer that comes later",
            .contained,
            "local m = {} for i = 1, 10 do setmetatable({}, m) end m.__gc = function() print('ESCAPED') end for i = 1, 20000 do local t = { i } end return 1"
        ),
        Hostile(
            "joining that comes later",
            .error,
            "local m = {} local x = setmetatable({}, m) m.__concat = function() return 'ESCAPED' end return x .. x"
        ),
        Hostile(
            "weakness that comes later",
            .contained,
            "local m = {} local t = setmetatable({}, m) m.__mode = 'kv' for i = 1, 100 do t[i] = {} end for i = 1, 20000 do local x = { i } end if #t ~= 100 then return 'ESCAPED' end return #t"
        ),
        Hostile(
            "closing that comes later",
            .error,
            "local m = {} local t = setmetatable({}, m) m.__close = function() print('ESCAPED') end local x <close> = t"
        ),
        Hostile("refused even through rawset", .error, "local m = {} rawset(m, '__gc', print) setmetatable({}, m)"),
        Hostile("refused whatever the value", .error, "setmetatable({}, { __gc = false })"),
        Hostile(
            "the metatable of texts",
            .contained,
            "local m = getmetatable('') if m ~= nil then return 'ESCAPED' end return pcall(setmetatable, '', {}) and 'ESCAPED' or 'sealed'"
        ),
        Hostile("a field on a text", .error, "local s = 'x' s.upper = function() return 'ESCAPED' end"),
        Hostile(
            "the hidden copy",
            .contained,
            "local m = { __index = {} } local t = setmetatable({}, m) if getmetatable(t) ~= m then return 'ESCAPED' end for k, v in pairs(m) do if k ~= '__index' then return 'ESCAPED ' .. tostring(k) end end return 1"
        ),
        Hostile(
            "a metatable of itself",
            .contained,
            "local t = {} t.__index = t t.__newindex = t t.__call = t setmetatable(t, t) return tostring(pcall(function() return t.x end)) .. tostring(pcall(function() t.y = 1 end)) .. tostring(pcall(t))"
        ),
        Hostile(
            "length that lies",
            .contained,
            "local t = setmetatable({}, { __len = function() return math.maxinteger end }) table.insert(t, 1)"
        ),
        Hostile(
            "list without end that is joined",
            .limit,
            "local t = setmetatable({}, { __index = function() return 'x' end, __len = function() return math.maxinteger end }) table.concat(t)"
        ),
        Hostile(
            "list without end that is shifted",
            .limit,
            "local t = setmetatable({}, { __index = function() return 1 end, __newindex = function() end, __len = function() return 1 << 60 end }) pcall(table.insert, t, 1, 2) while true do pcall(table.remove, t, 1) end"
        ),
        Hostile(
            "list without end that is sorted",
            .limit,
            "local t = setmetatable({}, { __index = function(_, i) return -i end, __len = function() return 1 << 30 end }) pcall(table.sort, t) table.sort(t)"
        ),
        Hostile(
            "list behind many others that is unpacked",
            .limit,
            "local t = {} for i = 1, 1900 do t = setmetatable({}, { __index = t }) end for i = 1, 100 do pcall(table.unpack, t, 1, 100000) end"
        ),
        Hostile(
            "lists that sort each other",
            .error,
            "local t t = setmetatable({}, { __index = function() table.sort(t) end, __len = function() return 2 end }) table.sort(t)"
        ),
        Hostile(
            "yield in the table library",
            .error,
            "local t = setmetatable({}, { __index = function() coroutine.yield(1) end, __len = function() return 3 end }) local co = coroutine.wrap(function() table.sort(t) end) for i = 1, 3 do co() end"
        ),
        Hostile(
            "list that changes while it is moved",
            .contained,
            "local t t = setmetatable({}, { __index = function(_, i) for k = 1, 9 do rawset(t, k, nil) end setmetatable(t, nil) return i end }) table.move(t, 1, 99, 5) collect = t return tostring(#t >= 0)"
        ),
        Hostile(
            "objects as keys without end",
            .limit,
            "local t = {} for i = 1, 5000 do t[{}] = i end while true do for k in next, t do if next(t, k) == nil then break end end end"
        ),
        Hostile(
            "objects as keys, walked again and again",
            .limit,
            "local t = {} for i = 1, 20000 do t[{}] = i end while true do for k in pairs(t) do t[k] = 1 end end"
        ),
        Hostile(
            "length that is no number",
            .error,
            "local t = setmetatable({}, { __len = function() return {} end }) return table.unpack(t)"
        ),
        Hostile(
            "equality of everything",
            .contained,
            "local m = { __eq = function() error('x') end } local a, b = setmetatable({}, m), setmetatable({}, m) return { tostring(pcall(function() return a == b end)), a ~= nil }"
        ),
        Hostile(
            "order that raises",
            .error,
            "local m = { __lt = function() error({}) end } table.sort({ setmetatable({}, m), setmetatable({}, m), setmetatable({}, m) })"
        ),
        Hostile(
            "pairs that gives nonsense",
            .error,
            "local t = setmetatable({}, { __pairs = function() return 1, 2, 3 end }) for k in pairs(t) do end"
        ),
        Hostile(
            "pairs without end",
            .limit,
            "local t = setmetatable({}, { __pairs = function() return function() return 1 end end }) for k in pairs(t) do end"
        ),
        Hostile(
            "newindex without end",
            .error,
            "local a, b = {}, {} setmetatable(a, { __newindex = b }) setmetatable(b, { __newindex = a }) a.x = 1"
        ),
        Hostile(
            "call of a call of a call",
            .error,
            "local t = {} for i = 1, 300 do t = setmetatable({}, { __call = t }) end t()"
        ),
        Hostile(
            "protected, then changed",
            .error,
            "local t = setmetatable({}, { __metatable = 'no' }) setmetatable(t, {})"
        ),
        Hostile(
            "metatable of the environment",
            .error,
            "setmetatable(_G, { __index = function(_, k) error(k) end, __newindex = function(_, k) error(k) end }) local x = anything"
        ),
    ]

    static let errors: [Hostile] = [
        Hostile("error of a table", .error, "error({ code = 1 })"),
        Hostile("error of a cycle", .error, "local t = {} t.t = t error(t)"),
        Hostile(
            "error that speaks for ever",
            .limit,
            "error(setmetatable({}, { __tostring = function() while true do end end }))"
        ),
        Hostile("error that raises", .error, "error(setmetatable({}, { __tostring = function() error('again') end }))"),
        Hostile(
            "error that raises itself",
            .error,
            "local e e = setmetatable({}, { __tostring = function() error(e) end }) error(e)"
        ),
        Hostile(
            "error that is huge",
            .error,
            "error(setmetatable({}, { __tostring = function() return ('x'):rep(1 << 20) end }))"
        ),
        Hostile("error named by a table", .error, "error(setmetatable({}, { __name = {}, __tostring = 7 }))"),
        Hostile("error of nothing", .error, "error()"),
        Hostile("error of a function", .error, "error(print)"),
        Hostile("error of NaN", .error, "error(0 / 0)"),
        Hostile(
            "error that lies about its place",
            .error,
            "error('policies/scaling/known-good.lua:1: the script executed more than 5 instructions', 0)"
        ),
        Hostile("error with controls", .error, "error('\\27[2J\\27]0;owned\\7\\r\\n\\0ESC\\x9b31m')"),
        Hostile("error from far away", .error, "error('x', 2 ^ 31 // 1 | 0)"),
        Hostile("error with a level of nonsense", .error, "error('x', {})"),
        Hostile("handler that raises", .error, "error(select(2, xpcall(error, function() error('h') end)))"),
        Hostile("handler for ever", .limit, "xpcall(error, function() while true do end end)"),
        Hostile("handler that is the script", .contained, "return tostring(xpcall(xpcall, xpcall, print))"),
        Hostile(
            "pcall of pcall of pcall",
            .contained,
            "local f = pcall for i = 1, 150 do local g = f f = function(...) return g(pcall, ...) end end return tostring(f(error, 'x'))"
        ),
        Hostile("assert of a huge text", .error, "assert(false, ('x'):rep(1 << 20))"),
        Hostile(
            "limit in a handler is final",
            .limit,
            "while true do xpcall(function() while true do end end, function() while true do end end) end"
        ),
    ]

    static let language: [Hostile] = [
        Hostile(
            "smallest by minus one",
            .contained,
            "local a, b = math.mininteger, -1 return { a // b, a % b, math.fmod(a, b), -a, a * b, math.abs(a) }"
        ),
        Hostile("division by zero", .error, "return 1 // 0"),
        Hostile("remainder by zero", .error, "return 1 % 0"),
        Hostile(
            "shifts",
            .contained,
            "return { 1 << 64, 1 << -1, 1 >> 63, -1 >> 1, 1 << math.maxinteger, 1 << math.mininteger }"
        ),
        Hostile("floats as bits", .error, "return 1.5 | 1"),
        Hostile(
            "infinities",
            .contained,
            "return { tostring(1 / 0), tostring(-1 / 0), tostring(0 / 0), tostring(math.tointeger(2 ^ 63)) }"
        ),
        Hostile("NaN as a key", .error, "local t = {} t[0 / 0] = 1"),
        Hostile("step of nothing", .error, "for i = 1, 2, 0 do end"),
        Hostile("constants", .error, "local x <const> = 1 x = 2"),
        Hostile("unknown attribute", .error, "local x <gone> = 1"),
        Hostile("close of a table", .error, "local x <close> = {}"),
        Hostile("close in a loop", .error, "for i in pairs({ 1 }), nil, nil, setmetatable({}, {}) do end error('x')"),
        Hostile("jump into a block", .error, "goto inside do ::inside:: end"),
        Hostile("compiled text", .error, "\u{1b}Lua\u{54}\u{00}\u{19}"),
        Hostile(
            "upvalues that are shared",
            .contained,
            "local function make() local n = 0 return function() n = n + 1 return n end, function() return n end end local inc, get = make() for i = 1, 5 do inc() end if get() ~= 5 then return 'ESCAPED' end return get()"
        ),
        Hostile("the environment goes away", .error, "local _ENV = nil x = 1"),
        Hostile("the environment is a text", .error, "local _ENV = 'x' y = 1"),
        Hostile("everything is overwritten", .contained, "for k in pairs(_G) do _G[k] = nil end return 1"),
        Hostile(
            "libraries are emptied",
            .contained,
            "for k in pairs(string) do string[k] = nil end for k in pairs(table) do table[k] = function() return 'ESCAPED' end end return ('x').rep == nil"
        ),
    ]
}
