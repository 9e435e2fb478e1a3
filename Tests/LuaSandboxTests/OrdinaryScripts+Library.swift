/// What scripts do with texts, lists, numbers and errors, and a few programs that are longer.
extension OrdinaryScripts {
    static let formatting = """
        print(("%5d|%-5d|%05d|%+d|% d"):format(42, 42, 42, 42, 42))
        print(("%5.2f|%-8.3f|%e|%g|%g|%G"):format(3.14159, 2.5, 12345.678, 1e20, 0.1, 1e-10))
        print(("%x|%X|%#x|%o|%c|%u"):format(255, 255, 255, 8, 65, 7))
        print(("%s|%10s|%-10s|%.2s"):format("abc", "abc", "abc", "abc"))
        print(("%q"):format('a "quoted" \\\\ line'), ("%q"):format(1 / 3), ("%q"):format(42), ("%q"):format(math.mininteger))
        print(("%a %i %%"):format(0.5, 3.0))
        print(("%s %s %s"):format(nil, true, 1.0), tostring(1e15), tostring(1e16), 2 ^ 53, 10 / 2, 3 // 2, 3.0 // 2)
        print(1e100, -0.0, 1 / 0, -1 / 0, 123456789012345678, 0.1 + 0.2, 100 // 1e0, 1e3)
        print(#("x"):rep(10, ", "), ("ab"):rep(3, "-"), ("x"):rep(0), ("x"):rep(-1))
        print(("hello"):upper(), ("HeLLo"):lower(), ("abc"):reverse(), ("abc"):len(), ("abc"):byte(1, -1))
        print(("hello"):sub(2, 3), ("hello"):sub(-3), ("hello"):sub(-3, -2), ("hello"):sub(10), ("hello"):sub(0), string.char(72, 105))
        print(pcall(string.format, "%d", 1.5), pcall(string.format, "%d", "x"))
        print(tostring(nil), tostring(true), tostring(-7), tostring("s"), #tostring(12345.678))
        """

    static let patterns = #"""
        print(("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
        print(("2026-11-25T10:30:00"):match("(%d+)-(%d+)-(%d+)T(%d+):(%d+)"))
        print(("  trim me  "):match("^%s*(.-)%s*$") .. "|")
        print(("a,b,,c"):gsub(",", ";"), ("hello world"):gsub("o", "0", 1))
        print(("hello"):gsub("", "-"), ("abc"):gsub("%w", "%0%0"), ("abc def"):gsub("(%w+) (%w+)", "%2 %1"))
        print(("$name is $age"):gsub("%$(%w+)", { name = "Bob", age = 42 }), ("1 2 3"):gsub("%d", function(d) return d * 2 end))
        print(("THE (quick) fox"):find("%((%a+)%)"), ("a.b"):find(".", 1, true), ("a+b"):find("+", 1, true))
        for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io = nil print(k, v) end
        for w in ("one two  three"):gmatch("%S+") do print(w) end
        print(("f(a(b)c)d"):match("%b()"), ("THE END"):match("%f[%a]%a+$"), ("x^2"):match("%^(%d)"))
        print(("path/to/file.txt"):match("([^/]+)%.(%w+)$"), ("0x1F"):match("^0[xX](%x+)$"))
        print(("[[x]]"):match("%[%[(.*)%]%]"), ("a-b_c"):match("[%w_-]+"), ("]"):match("[]]"), ("^"):match("[%^]"))
        print(("abc"):find("b", 1), ("abc"):find("(b)(c)"), ("abc"):find("()b()"), ("aXb"):find("%u"), ("abc"):match(".-"), ("abc"):match("a*"))
        print(pcall(string.find, "a", "[a"), pcall(string.find, "a", "%"), pcall(string.gsub, "a", "(", ""), pcall(string.rep))
        print(("\0a\0"):find("\0", 2, true), #("a\0b"), ("a\0b"):byte(2), ("%d"):gsub("%%d", "%%s"))
        """#

    static let textTools = #"""
        local function split(s, sep) local t = {} for part in (s .. sep):gmatch("(.-)" .. sep:gsub("%p", "%%%0")) do t[#t + 1] = part end return t end
        print(table.concat(split("a.b..c", "."), "|"), #split("", ","))
        local function trim(s) return (s:gsub("^%s+", ""):gsub("%s+$", "")) end
        print("[" .. trim("  x y ") .. "]")
        local function capitalize(s) return (s:gsub("(%a)(%w*)", function(a, b) return a:upper() .. b:lower() end)) end
        print(capitalize("hello wORLD from lua"))
        local function wrap(s, n) local lines, line = {}, "" for w in s:gmatch("%S+") do if #line + #w + 1 > n then lines[#lines + 1] = line line = w else line = line == "" and w or line .. " " .. w end end lines[#lines + 1] = line return lines end
        for _, l in ipairs(wrap("the quick brown fox jumps over the lazy dog", 12)) do print(l) end
        local count = {} for w in ("the cat and the dog and the bird"):gmatch("%a+") do count[w] = (count[w] or 0) + 1 end
        local words = {} for w in pairs(count) do words[#words + 1] = w end
        table.sort(words, function(a, b) if count[a] ~= count[b] then return count[a] > count[b] end return a < b end)
        for _, w in ipairs(words) do print(w, count[w]) end
        local function template(s, vars) return (s:gsub("{{%s*(%w+)%s*}}", function(k) return tostring(vars[k] or "?") end)) end
        print(template("{{ greeting }}, {{name}}! {{none}}", { greeting = "Hi", name = "Ann" }))
        local function parse_duration(s) local total, units = 0, { s = 1, m = 60, h = 3600, d = 86400 } for n, u in s:gmatch("(%d+)([smhd])") do total = total + tonumber(n) * units[u] end return total end
        print(parse_duration("1h30m"), parse_duration("2d"), math.type(parse_duration("5s")))
        local function hex(s) return (s:gsub(".", function(c) return ("%02x"):format(c:byte()) end)) end
        print(hex("Lua 5.4"), (hex("AB"):gsub("%x%x", function(h) return string.char(tonumber(h, 16)) end)))
        local function levenshtein(a, b) local d = {} for i = 0, #a do d[i] = { [0] = i } end for j = 0, #b do d[0][j] = j end
          for i = 1, #a do for j = 1, #b do d[i][j] = math.min(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a:byte(i) == b:byte(j) and 0 or 1)) end end return d[#a][#b] end
        print(levenshtein("kitten", "sitting"), levenshtein("", "abc"))
        local csv = 'a,"b, ""c""",d' local fields = {} for f, q in (csv .. ","):gmatch('("?)(.-)%1,') do fields[#fields + 1] = q end print(#fields)
        print(("a\tb\\n"):gsub("[\t\\]", { ["\t"] = "<tab>", ["\\"] = "<bs>" }))
        """#

    static let sorting = """
        local t = { 5, 2, 8, 1, 9, 3 }
        table.sort(t) print(table.concat(t, " "))
        table.sort(t, function(a, b) return a > b end) print(table.concat(t, " "))
        local people = { { n = "Al", a = 30 }, { n = "Bo", a = 25 }, { n = "Cy", a = 35 }, { n = "Di", a = 28 } }
        table.sort(people, function(x, y) return x.a < y.a end)
        for _, p in ipairs(people) do print(p.n, p.a) end
        local words = { "pear", "Apple", "fig", "banana", "apple", "" }
        table.sort(words) print(table.concat(words, ","))
        table.sort(words, function(a, b) if #a ~= #b then return #a < #b end return a < b end) print(table.concat(words, ","))
        local mixed = { 3, 1.5, -2, 1e3, 0, -0.5 } table.sort(mixed) print(table.concat(mixed, " "))
        print(pcall(table.sort, { 1, "x" })) print(pcall(table.sort, { {}, {} }))
        local big = {} for i = 1, 2000 do big[i] = (i * 7919) % 2003 end table.sort(big)
        local ok = true for i = 2, #big do ok = ok and big[i - 1] <= big[i] end print(ok, big[1], big[2000])
        local function quicksort(t, lo, hi) lo, hi = lo or 1, hi or #t if lo < hi then local p, i = t[hi], lo - 1
          for j = lo, hi - 1 do if t[j] <= p then i = i + 1 t[i], t[j] = t[j], t[i] end end t[i + 1], t[hi] = t[hi], t[i + 1] quicksort(t, lo, i) quicksort(t, i + 2, hi) end return t end
        print(table.concat(quicksort { 3, 6, 1, 8, 2, 9, 2 }, " "))
        """

    static let lists = """
        local t = { 1, 2, 3 }
        table.insert(t, 4) table.insert(t, 1, 0) print(table.concat(t, ","), #t)
        print(table.remove(t), table.remove(t, 1), table.concat(t, ","), table.remove({}), #t)
        print(table.unpack({ 1, 2, 3 }, 2), table.unpack({ 1, 2 }, 1, 3), select("#", table.unpack({}, 1, 3)))
        local p = table.pack(1, nil, 3) print(p.n, p[1], p[2], p[3])
        print(table.concat(table.move({ 1, 2, 3 }, 1, 3, 2), ","), table.concat(table.move({ 1, 2, 3 }, 2, 3, 1), ","), #table.move({ 1, 2 }, 1, 2, 3, {}))
        print(table.concat({}, ","), table.concat({ 1 }, ","), table.concat({ 1, 2.5, "x" }, "-"), table.concat({ 1, 2, 3 }, ",", 2), table.concat({ 1, 2, 3 }, ",", 2, 2))
        local function map(t, f) local r = {} for i, v in ipairs(t) do r[i] = f(v) end return r end
        local function filter(t, f) local r = {} for _, v in ipairs(t) do if f(v) then r[#r + 1] = v end end return r end
        local function reduce(t, f, a) for _, v in ipairs(t) do a = f(a, v) end return a end
        local n = {} for i = 1, 10 do n[i] = i end
        print(reduce(filter(map(n, function(x) return x * x end), function(x) return x % 2 == 0 end), function(a, b) return a + b end, 0))
        local function deepcopy(o) if type(o) ~= "table" then return o end local r = {} for k, v in pairs(o) do r[deepcopy(k)] = deepcopy(v) end return setmetatable(r, getmetatable(o)) end
        local a = { x = { y = { 1, 2, { z = 3 } } } } local b = deepcopy(a) b.x.y[3].z = 4 print(a.x.y[3].z, b.x.y[3].z)
        local m = {} for i = 1, 3 do m[i] = {} for j = 1, 3 do m[i][j] = i * j end end print(m[2][3], #m, #m[1])
        local sieve, primes = {}, {} for i = 2, 50 do if not sieve[i] then primes[#primes + 1] = i for j = i * i, 50, i do sieve[j] = true end end end print(table.concat(primes, " "))
        for i, v in ipairs { 1, 2, nil, 4 } do print(i, v) end
        for k, v in pairs { only = 1 } do print(k, v) end
        local keys = {} for k in pairs { 10, 20, 30, x = 1 } do keys[#keys + 1] = tostring(k) end table.sort(keys) print(table.concat(keys, " "))
        local t = { 1, 2, 3 } for k in pairs(t) do t[k] = nil end print(next(t), #t, next({ 5 }))
        print(pcall(table.insert, { 1 }, 5, 2), pcall(table.insert, {}, 1, 2, 3), pcall(table.concat, { {} }), pcall(ipairs))
        local copy = { table.unpack({ 1, 2, 3 }) } print(#copy, select(-1, 1, 2, 3), select(2, "a", "b", "c"))
        """

    static let numbers = """
        print(7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 % -3, 7.5 // 2, -7.5 % 2, 2 ^ 10, 7 / 2)
        print(math.floor(3.7), math.ceil(3.2), math.floor(-3.7), math.ceil(-3.2), math.abs(-5), math.max(1, 5, 3), math.min(2, 0))
        print(math.huge, -math.huge, math.pi, math.maxinteger, math.mininteger, math.sqrt(16), math.exp(0), math.log(8, 2), math.log(100, 10))
        print(math.type(1), math.type(1.0), math.type("1"), math.tointeger(3.0), math.tointeger(3.5), math.tointeger("8"), math.ult(1, -1))
        print(math.fmod(7, 3), math.fmod(-7, 3), math.fmod(7, -3.5), math.modf(3.7), math.modf(-3.7))
        print(5 & 3, 5 | 3, 5 ~ 3, ~5, 1 << 4, 256 >> 4, -1 >> 60, 3.0 & 1, "7" + 1, 10 .. 20)
        print(1 == 1.0, 1 < 1.5, "a" < "b", "Z" < "a", "" < "a", not nil, nil == false, 0 == -0, 0 / 0 == 0 / 0)
        print(math.maxinteger + 1 == math.mininteger, math.maxinteger * 2, math.mininteger // -1, 1e308 * 10, 2 ^ 63, 9007199254740993)
        print(tonumber("10"), tonumber("0x10"), tonumber("  12  "), tonumber("1e2"), tonumber("abc"), tonumber(""), tonumber("10", 2), tonumber("zz", 36), tonumber("8", 8), tonumber("1."), tonumber("0x.8p1"))
        print(math.sin(0), math.cos(0), math.tan(0), math.deg(math.pi), math.rad(180), math.atan(1, 1), math.asin(1), math.acos(1))
        print(8 % 3.5, 2 ^ 0.5, 10 // 0.3, 1e15, 1e14 + 0.5, 123.0, -1e-7, 1 // 1.0, 3 | 0, 100000000000000)
        print(pcall(function() return 1 // 0 end), pcall(function() return 1 % 0 end), 1 // 0.0, 1 % 0.0 ~= 1 % 0.0)
        print(string.format("%.3f", 2 / 3), string.format("%d", 3.0), 7 // 1, 7.0 // 1, -0.0 == 0.0)
        local function gcd(a, b) while b ~= 0 do a, b = b, a % b end return a end print(gcd(1071, 462), gcd(17, 5))
        local function bits(n) local s = "" repeat s = n % 2 .. s n = n // 2 until n == 0 return s end print(bits(10), bits(255))
        local function round(x, d) local m = 10 ^ (d or 0) return math.floor(x * m + 0.5) / m end print(round(3.14159, 2), round(2.5), round(-1.5))
        local r = math.random(1, 6) print(r >= 1 and r <= 6, math.random() < 1, math.type(math.random(10)))
        """

    static let errors = """
        print(pcall(error, "plain", 0)) print(pcall(error)) print(pcall(error, nil))
        print(pcall(function() error("at level one") end)) print(pcall(function() error("at level two", 2) end))
        local ok, e = pcall(error, { code = 42 }) print(ok, type(e), e.code)
        print(select("#", pcall(function() return 1, nil, 3 end)), pcall(function(...) return ... end, 1, 2))
        print(xpcall(function() error("x", 0) end, function(m) return "handled " .. m end))
        print(xpcall(function(a, b) return a + b end, print, 3, 4))
        print(pcall(function() local t = nil return t.x end)) print(pcall(function() return undefined_name.field end))
        print(pcall(function() return ("x") + 1 end)) print(pcall(function() return {} .. "x" end)) print(pcall(function() return 1 < "2" end))
        print(pcall(function() return #5 end)) print(pcall(function() return -{} end)) print(pcall(function() local s = "a" s() end))
        print(pcall(function() local t = { a = {} } t.a.b.c = 1 end)) print(pcall(function() return {} < {} end)) print(pcall(function() return 2 ^ 53 | 0.5 end))
        print(pcall(assert, false)) print(pcall(assert, nil, "message")) print(pcall(assert, 1, 2, 3)) print(pcall(assert))
        local E = setmetatable({}, { __tostring = function() return "an error object" end }) local ok, e = pcall(error, E) print(ok, tostring(e), e == E)
        local function try(f, catch, finally) local r = table.pack(pcall(f)) if not r[1] and catch then catch(r[2]) end if finally then finally() end return table.unpack(r, 2, r.n) end
        print(try(function() error("oops", 0) end, function(e) print("caught " .. e) end, function() print("finally") end))
        print(pcall(pcall, error, "nested")) print(pcall(string.rep, "x", {})) print(pcall(setmetatable, 1, {})) print(pcall(next, {}, nil))
        print(pcall(function() for i = 1, 10, 0 do end end)) print(pcall(function() for i = "a", 2 do end end)) print(pcall(rawset, {}, nil, 1)) print(pcall(function() local t = {} t[nil] = 1 end))
        print(pcall(tostring)) print(pcall(type)) print(pcall(select, 0)) print(pcall(math.floor, "x")) print(pcall(("x").rep, "x", 1.5)) print(pcall(ipairs))
        """

    static let control = """
        for i = 10, 1, -3 do io = i end for i = 1, 0 do print("never") end for i = 1.0, 2, 0.5 do print(i) end
        local i = 0 while true do i = i + 1 if i == 3 then goto continue end if i > 5 then break end print("i", i) ::continue:: end
        repeat local done = i > 7 i = i + 1 until done print(i)
        local a, b, c = (function() return 1, 2, 3 end)() print(a, b, c)
        local x, y = 1, 2 x, y = y, x print(x, y)
        local t = { (function() return 1, 2 end)(), (function() return 1, 2 end)() } print(#t)
        local limit <const> = 5 print(limit * 2) do local x <close> = nil end
        print((function() return 1, 2 end)()) print(((function() return 1, 2 end)()))
        local s = 0 for i = 1, 3 do for j = 1, 3 do if j == 2 then goto next end s = s + i * j ::next:: end end print(s)
        print(nil and 1, false or "x", 1 and 2, nil or false, not not 1, 1 or error("no"))
        local function f(n) if n > 0 then return f(n - 1) end return "tail" end print(f(100000))
        local state, transitions = "idle", { idle = { start = "run" }, run = { pause = "hold", stop = "idle" }, hold = { start = "run" } }
        for _, e in ipairs { "start", "pause", "start", "stop", "stop" } do state = transitions[state][e] or state print(e, state) end
        local text = [==[
        long [[text]] here]==] print(text, #text) print("tab\\tand \\65\\x42\\u{43}\\z
             joined")
        local n = 0 for _ in pairs { 1, 2, 3, a = 1, b = 2 } do n = n + 1 end print(n) print(#"\\u{1F600}", "\\'")
        do local _ENV = { print = print } x = 5 print(x) end print(_G.x, _VERSION, type(_G), _G._G == _G)
        """

    static let varargs = """
        local function f(...) return select("#", ...), ... end print(f()) print(f(nil)) print(f(1, nil, nil))
        local function sum(...) local s = 0 for _, v in ipairs { ... } do s = s + v end return s end print(sum(1, 2, 3), sum())
        local function tail(_, ...) return ... end print(tail(1, 2, 3)) print((tail(1, 2, 3)))
        local function count(...) return #{ ... }, table.pack(...).n end print(count(1, 2, 3))
        local function named(o) return (o.a or 1) + (o.b or 2) end print(named { b = 5 }, named {})
        print(select(2, "a", "b", "c"), select(-2, "a", "b", "c"), pcall(select, -5, 1))
        local function apply(f, ...) return f(...) end print(apply(math.max, 3, 9, 2), apply(string.format, "%d-%s", 7, "x"))
        print((select("#", table.unpack({ 1, nil, 3 }, 1, 3))), math.max(table.unpack { 4, 8, 2 }))
        local obj = { n = 1 } function obj:add(...) for _, v in ipairs { ... } do self.n = self.n + v end return self end print(obj:add(1, 2):add(3).n)
        print(type(print), type(nil), type {}, type "x", type(2), type(print) == "function", string.format("%s", "x"))
        """

    static let lexer = #"""
        local src = 'let x = 3.14 * (y + 42) -- comment'
        local rules = { { "^%s+" }, { "^%-%-.*" }, { "^%d+%.?%d*", "number" }, { "^[%a_][%w_]*", "name" }, { "^[-+*/()=]", "op" } }
        local pos = 1
        while pos <= #src do
          local matched
          for _, r in ipairs(rules) do
            local s, e = src:find(r[1], pos)
            if s then matched = true if r[2] then print(r[2], src:sub(s, e)) end pos = e + 1 break end
            local sub = src:sub(pos) s, e = sub:find(r[1])
            if s then matched = true if r[2] then print(r[2], sub:sub(s, e)) end pos = pos + e break end
          end
          if not matched then error("unexpected " .. src:sub(pos, pos)) end
        end
        local function evaluate(s)
          local i = 1
          local function peek() i = s:find("%S", i) or #s + 1 return s:sub(i, i) end
          local expr
          local function atom() local c = peek() if c == "(" then i = i + 1 local v = expr() peek() i = i + 1 return v end if c == "-" then i = i + 1 return -atom() end
            local n = s:match("^%d+%.?%d*", i) i = i + #n return tonumber(n) end
          local function term() local v = atom() while true do local c = peek() if c == "*" then i = i + 1 v = v * atom() elseif c == "/" then i = i + 1 v = v / atom() else return v end end end
          expr = function() local v = term() while true do local c = peek() if c == "+" then i = i + 1 v = v + term() elseif c == "-" then i = i + 1 v = v - term() else return v end end end
          return expr()
        end
        print(evaluate("1 + 2 * 3"), evaluate("(1 + 2) * 3"), evaluate("-(4 - 6) / 4"), evaluate("2*(3+(4-1))*2"))
        """#

    static let serializer = #"""
        local function encode(v)
          local t = type(v)
          if t == "table" then
            if #v > 0 then local r = {} for i, x in ipairs(v) do r[i] = encode(x) end return "[" .. table.concat(r, ",") .. "]" end
            local keys = {} for k in pairs(v) do keys[#keys + 1] = k end table.sort(keys)
            local r = {} for i, k in ipairs(keys) do r[i] = encode(k) .. ":" .. encode(v[k]) end return "{" .. table.concat(r, ",") .. "}"
          elseif t == "string" then return '"' .. v:gsub('[%c"\\]', function(c) return ("\\u%04x"):format(c:byte()) end) .. '"'
          else return tostring(v) end
        end
        print(encode { name = "x\"y\n", list = { 1, 2.5, true, { a = {} } }, n = -1 })
        local function decode(s)
          local i, value = 1
          local function ws() i = s:find("%S", i) or #s + 1 end
          function value() ws() local c = s:sub(i, i)
            if c == "{" then local r = {} i = i + 1 ws() while s:sub(i, i) ~= "}" do local k = value() ws() i = i + 1 r[k] = value() ws() if s:sub(i, i) == "," then i = i + 1 ws() end end i = i + 1 return r
            elseif c == "[" then local r = {} i = i + 1 ws() while s:sub(i, i) ~= "]" do r[#r + 1] = value() ws() if s:sub(i, i) == "," then i = i + 1 ws() end end i = i + 1 return r
            elseif c == '"' then local e = s:find('"', i + 1, true) local r = s:sub(i + 1, e - 1) i = e + 1 return r
            else local w = s:match("^[%w.+-]+", i) i = i + #w if w == "true" then return true elseif w == "false" then return false elseif w == "null" then return nil end return tonumber(w) end end
          return value()
        end
        local d = decode('{ "a": [1, 2.5, -3e2], "b": { "c": "text", "d": true } }')
        print(d.a[1], d.a[2], d.a[3], d.b.c, d.b.d, encode(d))
        """#

    static let series = """
        local samples = {} for i = 1, 60 do samples[i] = 100 + 20 * math.sin(i / 5) + i % 7 end
        local function mean(t) local s = 0 for _, v in ipairs(t) do s = s + v end return s / #t end
        local function quantile(t, q) local c = table.move(t, 1, #t, 1, {}) table.sort(c) local p = q * (#c - 1) + 1 local lo = math.floor(p) return c[lo] + (c[math.min(lo + 1, #c)] - c[lo]) * (p - lo) end
        local function ewma(t, a) local e = t[1] for i = 2, #t do e = a * t[i] + (1 - a) * e end return e end
        local function deviation(t) local m, s = mean(t), 0 for _, v in ipairs(t) do s = s + (v - m) ^ 2 end return math.sqrt(s / (#t - 1)) end
        print(("%.6f %.6f %.6f %.6f"):format(mean(samples), quantile(samples, 0.95), ewma(samples, 0.3), deviation(samples)))
        local function window(t, n) local r, s = {}, 0 for i, v in ipairs(t) do s = s + v if i > n then s = s - t[i - n] end if i >= n then r[#r + 1] = s / n end end return r end
        print(#window(samples, 10), ("%.4f"):format(window(samples, 10)[51]))
        local function desired(load, capacity, headroom, min, max) return math.max(min, math.min(max, math.ceil(load * (1 + headroom) / capacity))) end
        for _, load in ipairs { 0, 119, 120, 1000, 1e6 } do print(load, desired(load, 120, 0.2, 2, 40)) end
        local function histogram(t, w) local h, keys = {}, {} for _, v in ipairs(t) do local b = v // w * w if not h[b] then h[b] = 0 keys[#keys + 1] = b end h[b] = h[b] + 1 end table.sort(keys) local r = {} for _, k in ipairs(keys) do r[#r + 1] = k .. "=" .. h[k] end return table.concat(r, " ") end
        print(histogram(samples, 10))
        local sx, sy, sxx, sxy, n = 0, 0, 0, 0, #samples for x, y in ipairs(samples) do sx, sy, sxx, sxy = sx + x, sy + y, sxx + x * x, sxy + x * y end
        print(("%.8f"):format((n * sxy - sx * sy) / (n * sxx - sx * sx)))
        """

    static let queues = """
        local Queue = {} Queue.__index = Queue
        function Queue.new() return setmetatable({ first = 1, last = 0, items = {} }, Queue) end
        function Queue:push(v) self.last = self.last + 1 self.items[self.last] = v end
        function Queue:pop() if self.first > self.last then return nil end local v = self.items[self.first] self.items[self.first] = nil self.first = self.first + 1 return v end
        local q = Queue.new() for i = 1, 5 do q:push(i * i) end print(q:pop(), q:pop(), q.last - q.first + 1)
        local list for i = 1, 4 do list = { value = i, next = list } end local node, r = list, {} while node do r[#r + 1] = node.value node = node.next end print(table.concat(r, ">"))
        local heap = {} local function push(v) heap[#heap + 1] = v local i = #heap while i > 1 and heap[i // 2] > heap[i] do heap[i], heap[i // 2] = heap[i // 2], heap[i] i = i // 2 end end
        local function pop() local top = heap[1] heap[1] = heap[#heap] heap[#heap] = nil local i = 1 while true do local s, l = i, 2 * i if heap[l] and heap[l] < heap[s] then s = l end if heap[l + 1] and heap[l + 1] < heap[s] then s = l + 1 end if s == i then break end heap[i], heap[s] = heap[s], heap[i] i = s end return top end
        for _, v in ipairs { 5, 3, 8, 1, 9, 2 } do push(v) end local out = {} while #heap > 0 do out[#out + 1] = pop() end print(table.concat(out, " "))
        local function lru(n) local order, map = {}, {} return function(k, make) if map[k] then for i, x in ipairs(order) do if x == k then table.remove(order, i) break end end else map[k] = make(k) end order[#order + 1] = k if #order > n then map[table.remove(order, 1)] = nil end return map[k], table.concat(order, "") end end
        local get = lru(2) for c in ("abacb"):gmatch(".") do print(get(c, string.upper)) end
        local Emitter = {} Emitter.__index = Emitter function Emitter:on(e, f) self[e] = self[e] or {} table.insert(self[e], f) return self end function Emitter:emit(e, ...) for _, f in ipairs(self[e] or {}) do f(...) end end
        local em = setmetatable({}, Emitter) em:on("x", function(...) print("one", ...) end):on("x", function(a) print("two", a) end) em:emit("x", 1, 2) em:emit("y")
        local graph = { a = { "b", "c" }, b = { "d" }, c = { "d" }, d = {} } local seen, order = {}, {} local function visit(n) if seen[n] then return end seen[n] = true for _, m in ipairs(graph[n]) do visit(m) end table.insert(order, 1, n) end for _, n in ipairs { "a", "b", "c", "d" } do visit(n) end print(table.concat(order, " "))
        local ring, size, at = {}, 3, 0 for v = 1, 7 do at = at % size + 1 ring[at] = v end print(table.concat(ring, ","), at)
        """

    static let codePoints = #"""
        print(utf8.len("Größe 🛒"), #"Größe", utf8.char(72, 228, 8364, 128722), utf8.codepoint("äö", 1, -1))
        for p, c in utf8.codes("aä€") do print(p, c) end print(utf8.offset("aä€x", 3), utf8.offset("aä€x", -1), utf8.len("\xff"), utf8.charpattern == "[\0-\x7F\xC2-\xFD][\x80-\xBF]*")
        local n = 0 for _ in ("naïve"):gmatch(utf8.charpattern) do n = n + 1 end print(n)
        print(pcall(utf8.codepoint, "\xff")) print(pcall(function() for _ in utf8.codes("a\xffb") do end end)) print(utf8.len("äöü", 3), pcall(utf8.len, "äöü", 9), utf8.len("äöü", -2))
        local t = {} for _, c in utf8.codes("\u{7FFFFFFF}a", true) do t[#t + 1] = c end print(table.concat(t, " "), pcall(function() for _ in utf8.codes("\u{7FFFFFFF}") do end end))
        local function reverse(s) local t = {} for _, c in utf8.codes(s) do table.insert(t, 1, utf8.char(c)) end return table.concat(t) end print(reverse("añb"))
        """#

    static let modules = """
        local stats, shapes = require("lib.stats"), require("lib.shapes")
        print(stats.mean { 1, 2, 3 }, shapes.average { 4, 6 }, stats.calls, require("lib.stats") == stats)
        print(shapes.Square.new(3):area(), shapes.name)
        stats.extra = "shared" print(require("lib.stats").extra, pcall(require, "lib.none") == false)
        """

    static let coercions = """
        print("10" + 5, "3" * "4", "0x10" + 0, "1e1" // 1, -"2", "7" % 4, 10 .. "", 1.5 .. "|", "2" ^ 2, "10" / 2)
        print(10 == "10", "abc" < "abd", tostring(10) == "10", #"10", 1 .. 2 == "12", "5" + 0 == 5, math.type("5" + 0), math.type("5.0" + 0))
        print(pcall(function() return "a" + 1 end)) print(pcall(function() return "1" & 3 end)) print(pcall(function() return 1 + nil end)) print(pcall(function() return "10" < 5 end))
        print(string.rep(5, 3), ("5"):rep("2"), string.len(12345), string.sub(12345, 2, 3), table.concat({ 1, "2", 3.5 }), ("%d"):format("10"), ("%s"):format(1))
        for i = 1, 3 do local k = i .. "" print(({ ["1"] = "a", ["2"] = "b" })[k]) end
        local t = {} t[1] = "int" t[1.0] = "same" t["1"] = "text" print(t[1], t["1"], #t) t[2 ^ 53] = "big" print(t[2 ^ 53 | 0])
        """
}
