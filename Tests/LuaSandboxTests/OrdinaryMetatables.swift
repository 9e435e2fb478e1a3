/// What becomes of metamethods that are changed, added and removed after their table was installed.
enum OrdinaryMetatables {
    static let changing = """
        local C = {} C.__index = C
        C.__tostring = function() return "one" end
        local o = setmetatable({ x = 1 }, C)
        print(tostring(o))
        C.__tostring = function() return "two" end
        print(tostring(o))
        C.__tostring = nil
        print(tostring(o) ~= "two")
        C.__index = function(_, k) return "fn " .. k end
        print(o.y)
        C.__index = { y = "table" }
        print(o.y)
        C.__index = nil
        print(o.y)
        C.__call = function(self, a) return a + 1 end
        print(o(1))
        C.__call = function(self, a) return a + 2 end
        print(o(1))
        C.__add = function(a, b) return "add" end print(o + 1, 1 + o, "1" + o)
        C.__add = function(a, b) return "add2" end print(o + 1, 1 + o, "1" + o)
        C.__eq = function() return true end print(o == setmetatable({}, C))
        C.__eq = function() return false end print(o == setmetatable({}, C))
        C.__lt = function() return true end print(o < o) C.__lt = function() return false end print(o < o)
        C.__len = function() return 5 end print(#o) C.__len = nil print(#o)
        C.__newindex = function(t, k, v) rawset(t, k, v * 2) end o.z = 4 print(o.z, rawget(o, "z"))
        C.__newindex = nil o.w = 4 print(rawget(o, "w"))
        local sink = {} C.__newindex = sink o.q = 1 print(sink.q, rawget(o, "q"))
        C.__metatable = "locked" print(getmetatable(o), pcall(setmetatable, o, nil))
        C.__metatable = "again" print(getmetatable(o))
        C.__metatable = nil print(getmetatable(o) == C)
        C.__name = "Thing" print((tostring(o):gsub(":.*", "")))
        print(pcall(function() return o .. "x" end))
        print(select(2, pcall(function() return o < 1 end)))
        C.__lt = nil print(select(2, pcall(function() return o < 1 end)))
        C.__pairs = function() return function(_, k) if not k then return 1, 2 end end end
        for k, v in pairs(o) do print(k, v) end
        C.__pairs = nil
        -- classes with classes
        local Base = { __index = nil } Base.__index = Base
        function Base.hi() return "base hi" end
        local D = setmetatable({}, Base) D.__index = D
        local d = setmetatable({}, D)
        print(d.hi(), getmetatable(d) == D, getmetatable(D) == Base)
        function Base.hi() return "base hi 2" end print(d.hi())
        D.hi = function() return "d hi" end print(d.hi())
        D.__tostring = function() return "D1" end print(tostring(d))
        D.__tostring = function() return "D2" end print(tostring(d))
        Base.__call = function(c, a) return setmetatable({ a = a }, c) end
        print(D(3).a, getmetatable(D(3)) == D, tostring(D(3)))
        rawset(D, "__tostring", function() return "D3" end) print(tostring(d))
        rawset(Base, "__call", function() return "raw" end) print(D(3))
        Base.__tostring = function() return "class" end print(tostring(D)) Base.__tostring = function() return "class2" end print(tostring(D))
        setmetatable(D, nil) print(getmetatable(D), pcall(function() return d.nothing end)) D.new = 1 print(D.new, rawget(D, "new"))
        print(next(setmetatable({}, D)), getmetatable(D))
        -- itself
        local S = {} setmetatable(S, S) S.__index = function(_, k) return k end print(S.foo, getmetatable(S) == S)
        S.__call = function() return "called" end print(S())
        -- strict
        setmetatable(_ENV, { __index = function(_, k) error("undefined " .. k, 2) end, __newindex = function(_, k) error("new " .. k, 2) end })
        print(pcall(function() return undefinedthing end)) print(pcall(function() newthing = 1 end))
        getmetatable(_ENV).__index = nil print(undefinedthing)
        getmetatable(_ENV).__newindex = nil newthing = 2 print(newthing)
        -- meta through coroutine
        local Y = setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end })
        local co = coroutine.wrap(function() return "got " .. Y.a end) print(co()) print(co("b"))
        getmetatable(Y).__index = function() return "changed" end print(Y.a)
        -- ids
        local m = {} local t = setmetatable({}, m) m[1] = 1 m[true] = 2 m[2.5] = 3 print(m[1], m[true], m[2.5], #m)
        print(pcall(rawset, m, nil, 1)) print(pcall(function() m[0/0] = 1 end))
        local keys = {} for k in pairs(m) do keys[#keys + 1] = tostring(k) end table.sort(keys) print(table.concat(keys, " "))
        """
}
