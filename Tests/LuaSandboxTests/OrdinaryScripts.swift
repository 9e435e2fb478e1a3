/// Scripts as people write them, each in plain Lua 5.4: whoever writes one should notice nothing of the sandbox.
///
/// They print what can be compared; none walks a table in the order of `pairs` unless that has one key.
enum OrdinaryScripts {
    static let all: [(name: String, lua: String)] = [
        ("classes and inheritance", classes), ("operators", operators), ("a class that grows", growing),
        ("metamethods that change", OrdinaryMetatables.changing),
        ("lists with metamethods", OrdinaryLibraries.lists), ("errors passed on", OrdinaryLibraries.passedOn),
        ("proxies", proxies),
        ("closures", closures), ("generators", generators), ("formatting", formatting), ("patterns", patterns),
        ("text tools", textTools), ("sorting", sorting), ("lists", lists), ("numbers", numbers), ("errors", errors),
        ("control", control), ("varargs", varargs), ("a lexer", lexer), ("a serializer", serializer),
        ("series", series),
        ("queues", queues), ("code points", codePoints), ("modules", modules), ("coercions", coercions),
    ]

    static let libraries = [
        "lib.stats": """
        local M = { calls = 0 }
        function M.mean(t) M.calls = M.calls + 1 local s = 0 for _, v in ipairs(t) do s = s + v end return s / #t end
        return M
        """,
        "lib.shapes": """
        local stats = require("lib.stats")
        local Square = {}
        Square.__index = Square
        function Square.new(a) return setmetatable({ a = a }, Square) end
        function Square:area() return self.a ^ 2 end
        return { Square = Square, average = function(t) return stats.mean(t) end, name = ... }
        """,
    ]

    private static let classes = """
        local Animal = {}
        Animal.__index = Animal
        function Animal.new(name, sound) return setmetatable({ name = name, sound = sound }, Animal) end
        function Animal:speak(times) return (self.name .. " says " .. self.sound .. " "):rep(times or 1) end
        local Dog = setmetatable({}, { __index = Animal, __call = function(class, ...) return class.new(...) end })
        Dog.__index = Dog
        function Dog.new(name) local self = Animal.new(name, "woof") return setmetatable(self, Dog) end
        function Dog:fetch() return self.name .. " fetches" end
        local d = Dog("Rex")
        print(d:speak(2), d:fetch(), getmetatable(d) == Dog, rawget(d, "fetch"))
        print(Dog.missing, rawequal(d, d), d ~= Dog("Rex"))
        local Counter = setmetatable({}, { __call = function(_, start)
          local n = start
          return { up = function() n = n + 1 return n end, get = function() return n end }
        end })
        local a, b = Counter(1), Counter(10)
        a.up() a.up() b.up()
        print(a.get(), b.get())
        local Stack = {} Stack.__index = Stack
        Stack.__len = function(s) return s.n end
        Stack.__tostring = function(s) return "Stack(" .. s.n .. ")" end
        function Stack.new() return setmetatable({ n = 0 }, Stack) end
        function Stack:push(...) for _, v in ipairs { ... } do self.n = self.n + 1 self[self.n] = v end return self end
        function Stack:pop() local v = self[self.n] self[self.n] = nil self.n = self.n - 1 return v end
        local s = Stack.new():push(1, 2, 3)
        print(#s, tostring(s), s:pop(), s:pop(), #s, ("%s"):format(s))
        """

    private static let operators = """
        local V = {}
        V.__index = V
        local function new(x, y) return setmetatable({ x = x, y = y }, V) end
        V.__add = function(a, b) return new(a.x + b.x, a.y + b.y) end
        V.__sub = function(a, b) return new(a.x - b.x, a.y - b.y) end
        V.__mul = function(a, b) if type(a) == "number" then a, b = b, a end return new(a.x * b, a.y * b) end
        V.__div = function(a, b) return new(a.x / b, a.y / b) end
        V.__idiv = function(a, b) return new(a.x // b, a.y // b) end
        V.__mod = function(a, b) return new(a.x % b, a.y % b) end
        V.__pow = function(a, b) return new(a.x ^ b, a.y ^ b) end
        V.__unm = function(a) return new(-a.x, -a.y) end
        V.__eq = function(a, b) return a.x == b.x and a.y == b.y end
        V.__lt = function(a, b) return a.x < b.x end
        V.__le = function(a, b) return a.x <= b.x end
        V.__band = function(a, b) return "band" end
        V.__bor = function(a, b) return "bor" end
        V.__bxor = function(a, b) return "bxor" end
        V.__shl = function(a, b) return "shl" end
        V.__shr = function(a, b) return "shr" end
        V.__bnot = function(a) return "bnot" end
        V.__len = function(a) return 2 end
        V.__call = function(self, k) return self[k] end
        V.__tostring = function(a) return "(" .. a.x .. ", " .. a.y .. ")" end
        local a, b = new(1, 2), new(3, 5)
        print(tostring(a + b), tostring(a - b), tostring(a * 2), tostring(2 * a), tostring(b / 2), tostring(b // 2), tostring(b % 2))
        print(tostring(b ^ 2), tostring(-a), a == new(1, 2), a ~= b, a < b, a <= b, a > b, a >= b)
        print(a & b, a | 1, 1 ~ a, a << 1, a >> 1, ~a, #a, a("x"), b "y")
        print(math.max(1, 2.5, -1), not (a == b))
        """

    private static let growing = """
        local P = {}
        P.__index = P
        local origin = setmetatable({ x = 0 }, P)
        function P.__add(a, b) return setmetatable({ x = a.x + b.x }, P) end
        function P.__eq(a, b) return a.x == b.x end
        local one = setmetatable({ x = 1 }, P)
        print((origin + one).x, origin == setmetatable({ x = 0 }, P))
        function P:double() return self.x * 2 end
        print(one:double(), origin:double())
        getmetatable(one).__tostring = function(p) return "P" .. p.x end
        local two = setmetatable({ x = 2 }, P)
        print(tostring(one), tostring(two))
        local mt = {}
        local late = setmetatable({ 1, 2 }, mt)
        mt.__index = function(_, k) return "late " .. k end
        mt.__call = function(self, a) return #self + a end
        print(late.field, late(5), rawget(mt, "__call") ~= nil, getmetatable(mt), next(setmetatable({}, mt)))
        mt.plain, mt[1] = "field", 2
        print(mt.plain, mt[1], #mt, pcall(function() mt[nil] = 1 end))
        local Account = { balance = 0 }
        function Account:new(o) o = o or {} setmetatable(o, self) self.__index = self return o end
        function Account:deposit(v) self.balance = self.balance + v return self end
        local Special = Account:new()
        function Special:limit() return self.ceiling or 10 end
        local s = Special:new { ceiling = 99 }
        print(s:deposit(5).balance, s:limit(), Account.balance, Special:new():limit(), s.nothing)
        """

    private static let proxies = """
        local log = {}
        local function tracked(t)
          return setmetatable({}, {
            __index = function(_, k) log[#log + 1] = "get " .. tostring(k) return t[k] end,
            __newindex = function(_, k, v) log[#log + 1] = "set " .. tostring(k) t[k] = v end,
            __len = function() return #t end,
          })
        end
        local t = tracked { 1, 2, 3 }
        t[1] = 10
        t.name = "x"
        print(t[1], t.name, t.gone, #t, table.concat(log, ";"))
        local function readonly(t)
          return setmetatable({}, { __index = t, __newindex = function(_, k) error("read only: " .. k, 2) end, __metatable = false })
        end
        local r = readonly { a = 1 }
        print(r.a, pcall(function() r.b = 1 end))
        print(getmetatable(r), pcall(setmetatable, r, {}))
        local defaults = setmetatable({}, { __index = function(t, k) local v = k * k rawset(t, k, v) return v end })
        print(defaults[4], rawget(defaults, 4), rawget(defaults, 5), rawlen(defaults))
        """

    private static let closures = """
        local function counter() local n = 0 return function(by) n = n + (by or 1) return n end end
        local a, b = counter(), counter()
        print(a(), a(), a(5), b())
        local fs = {}
        for i = 1, 3 do fs[i] = function() i = i + 10 return i end end
        print(fs[1](), fs[1](), fs[2](), fs[3]())
        local function compose(...) local f = { ... } return function(x) for i = #f, 1, -1 do x = f[i](x) end return x end end
        print(compose(function(x) return x + 1 end, function(x) return x * 2 end)(5))
        local function memoize(f) local cache = {} return function(n) local v = cache[n] if v == nil then v = f(n) cache[n] = v end return v end end
        local fib fib = memoize(function(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end)
        print(fib(80))
        local function curry(f, x) return function(...) return f(x, ...) end end
        print(curry(curry(math.max, 3), 9)(5))
        local Y = function(f) return (function(x) return x(x) end)(function(x) return f(function(...) return x(x)(...) end) end) end
        print(Y(function(self) return function(n) return n == 0 and 1 or n * self(n - 1) end end)(10))
        """

    private static let generators = """
        local function range(n, m, step) return coroutine.wrap(function() for i = n, m, step or 1 do coroutine.yield(i) end end) end
        local t = {} for i in range(1, 10, 3) do t[#t + 1] = i end print(table.concat(t, ","))
        local function permute(a, n)
          n = n or #a
          if n <= 1 then coroutine.yield(table.concat(a)) end
          for i = 1, n do a[n], a[i] = a[i], a[n] permute(a, n - 1) a[n], a[i] = a[i], a[n] end
        end
        local all = {} for p in coroutine.wrap(function() permute { "a", "b", "c" } end) do all[#all + 1] = p end
        print(table.concat(all, " "))
        local producer = coroutine.create(function(a) local b = coroutine.yield(a * 2) local c, d = coroutine.yield(b + 1) return c .. d end)
        print(coroutine.resume(producer, 5)) print(coroutine.status(producer), coroutine.resume(producer, 9))
        print(coroutine.resume(producer, "x", "y")) print(coroutine.status(producer)) print(coroutine.resume(producer))
        print(coroutine.isyieldable(), coroutine.wrap(function() return coroutine.isyieldable(), select(2, coroutine.running()) end)())
        local co = coroutine.create(function() local ok, e = pcall(function() coroutine.yield(1) error("late") end) coroutine.yield(e) error({ code = 7 }) end)
        print(coroutine.resume(co)) print(coroutine.resume(co)) local ok, e = coroutine.resume(co) print(ok, type(e), e.code)
        local function filter(p, g) return coroutine.wrap(function() for x in g do if p(x) then coroutine.yield(x) end end end) end
        local sum = 0 for x in filter(function(x) return x % 3 == 0 end, range(1, 100)) do sum = sum + x end print(sum)
        print(pcall(coroutine.wrap(function() error("inside") end)))
        print(select("#", coroutine.wrap(function() coroutine.yield() end)()))
        local t = setmetatable({}, { __index = function(_, k) return coroutine.yield(k) end })
        local w = coroutine.wrap(function() return "got " .. t.field end) print(w(), w("value"))
        """
}
