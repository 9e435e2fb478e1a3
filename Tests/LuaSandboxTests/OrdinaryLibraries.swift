/// What scripts expect of the library where tables have metamethods, and of the texts of errors that are passed on.
enum OrdinaryLibraries {
    static let lists = """
        local Stack = {} Stack.__index = Stack Stack.__len = function(self) return self.n end
        local s = setmetatable({ n = 0 }, Stack)
        for i = 1, 3 do table.insert(s, "v" .. i) s.n = s.n + 1 end
        print(#s, s[1], s[3], table.concat(s, ","), table.unpack(s)) print(table.remove(s, 1), s[1], s[2], s[3])
        local squares = setmetatable({}, { __index = function(_, i) return i <= 4 and i * i or nil end, __len = function() return 4 end })
        print(table.unpack(squares)) print(table.concat(squares, " ")) print(table.concat(squares, "-", 2, 3))
        print(table.unpack(setmetatable({}, { __index = function(_, i) return i end }), 5, 8))
        print(table.concat(table.move(squares, 1, 4, 1, {}), ","))
        local log = {} local proxy = setmetatable({}, { __newindex = function(t, k, v) log[#log + 1] = k .. "=" .. tostring(v) rawset(t, k, v * 2) end })
        table.insert(proxy, 5) table.insert(proxy, 6) print(proxy[1], proxy[2], table.concat(log, " "))
        table.move({ 1, 2 }, 1, 2, 3, proxy) print(proxy[3], proxy[4], #log)
        local store = { 3, 1, 2 } local reads = 0
        local sorted = setmetatable({}, { __index = function(_, i) reads = reads + 1 return store[i] end, __newindex = function(_, i, v) store[i] = v end, __len = function() return #store end })
        table.sort(sorted) print(table.concat(store, " "), reads > 0, rawlen(sorted))
        table.sort({ 1 }, 5) print(pcall(table.sort, { 1, 2 }, 5))
        print(pcall(table.insert, setmetatable({}, { __len = function() return "x" end }), 1)) print(pcall(table.concat, { 1, {}, 3 }))
        print(pcall(table.insert, { 1 }, 5, 2)) print(pcall(table.remove, { 1 }, 7)) print(pcall(table.insert, { 1 }, 0, 2))
        local Class = setmetatable({}, { __call = function(c, ...) return setmetatable({ ... }, c) end }) Class.__index = Class table.insert(Class, "own") print(Class[1], #Class(1, 2))
        local set, n = {}, 0 for _, key in ipairs { {}, print, function() end, coroutine.create(print), {} } do set[key] = true end
        for key in pairs(set) do set[key] = nil n = n + 1 end print(n, next(set))
        print(next({ [{}] = 1, [{}] = 2 }) ~= nil, next({}) == nil)
        """

    static let passedOn = """
        print(pcall(function() assert(false, "msg") end)) print(pcall(function() assert(false) end)) print(pcall(function() assert(nil, { 1 }) end) == false)
        print(select(2, pcall(function() assert(false, 42) end)))
        local function failing() error("x", 0) end local function placed() error("y") end
        for _, f in ipairs { failing, placed } do
          print(pcall(function() local r = coroutine.wrap(f)() return r end)) print(pcall(coroutine.wrap(f)))
          print(coroutine.resume(coroutine.create(f)))
          print(pcall(function() local r = coroutine.wrap(function() coroutine.wrap(f)() end)() return r end))
        end
        local dead = coroutine.wrap(function() end) dead() print(pcall(dead)) print(pcall(function() local r = dead() return r end))
        print(pcall(function() local r = coroutine.wrap(function() error({ code = 1 }) end)() return r end) == false)
        local ok, e = pcall(placed) print(pcall(function() assert(ok, e) end)) print(pcall(function() error(e) end)) print(pcall(error, e, 0))
        print(tostring(setmetatable({}, { __tostring = function() return 42 end })), ("%s"):format(setmetatable({}, { __tostring = function() return 4.5 end })))
        print(pcall(tostring, setmetatable({}, { __tostring = function() return {} end })))
        print(math.randomseed(42)) print(math.random(100), math.random(), math.random(0), math.random(-5, 5), math.random(1 << 40))
        print(math.randomseed(7, 9)) print(math.random(10), math.random(10), math.random(3.0)) print(pcall(math.randomseed, 1.5))
        print(pcall(math.random, 2, 1)) print(pcall(math.random, 1, 2, 3)) print(pcall(math.random, -1))
        """
}
