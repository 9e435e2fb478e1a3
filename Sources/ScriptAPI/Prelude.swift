/// The part of the script API that is written in Lua: objects whose methods call the host functions.
///
/// Lua only carries handles and plain tables; what is computed is computed by the host functions. The chunks are part of this
/// program, are run in each fresh environment before the script, and are not counted as its lines: an error that a host function
/// raises through them stands at the script's own line. What of the environment they need they take before the script can change it.
/// A function that scripts call is `framed`, so that `return hold("…")` keeps the script's frame, and with it the line.
enum Prelude {
    /// Name of the chunks in errors. Frames of it are left out when the place of an error is looked for.
    static let chunkName = "=troupe"

    /// What scripts call without `ctx`: proposals, and the constructors of definitions.
    static let globals = """
        local host, globals = ...
        local rawset, select, type, framed = rawset, select, type, host.framed

        for _, name in ipairs \(luaList(Proposals.names)) do
          globals[name] = framed(function(...) return host.propose(name, ...) end)
        end
        for _, kind in ipairs \(luaList(Definitions.constructors)) do
          globals[kind] = framed(function(...)
            local definition = ...
            rawset(definition, "@line", host.define(kind, type(definition), select("#", ...)))
            return rawset(definition, "@kind", kind)
          end)
        end
        """

    /// Answers `ctx`, which is made before there is an input: the parts of that become fields of it when the script looks at them, all of
    /// them before it is walked, changed or looked at raw. But for its metatable it is as if it had them from the start.
    static let policy = """
        local host = ...
        local ipairs, next, rawset, setmetatable, type = ipairs, next, rawset, setmetatable, type
        local framed, input = host.framed, host.input

        local known_methods = \(luaList(Series.Method.names))
        local Series = {}
        for _, name in ipairs(known_methods) do
          Series[name] = framed(function(self, ...)
            return host.series(name, type(self) == "table" and self.handle or nil, ...)
          end)
        end
        local function absent(what, known)
          return function(_, key) return host.absent(what, key, known) end
        end
        local series_of = { __index = function(_, key)
          return Series[key] or host.absent("a series", key, known_methods)
        end }
        local function series(opened) return setmetatable(opened, series_of) end

        local at = framed(function(self, ...) return host.forecast("at", type(self) == "table", ...) end)
        local peak = framed(function(self, ...) return host.forecast("peak", type(self) == "table", ...) end)
        local forecast_of = { __index = absent("ctx.forecast", { "at", "model", "peak", "trust" }) }

        local parts = {
          capacity = function() return input("capacity") end,
          fleet = function() return input("fleet") end,
          forecast = function()
            local model, trust = input("forecast", "model") or "none", input("forecast", "trust") or 0
            return setmetatable({ at = at, peak = peak, model = model, trust = trust }, forecast_of)
          end,
          now = function() return input("now") or {} end,
          state = function() return input("state") or {} end,
          personas = function()
            local personas, by_name = input("personas") or {}, {}
            for _, persona in ipairs(personas) do by_name[persona.name] = persona end
            return setmetatable(personas, { __index = by_name })
          end,
          calendar = function()
            local days, special = input("calendar") or {}, {}
            for _, day in ipairs(days) do special[day.date] = day.name end
            return { days = days, today = special[input("now", "date")], on = function(date) return special[date] end }
          end,
        }
        local fields = { "calendar", "capacity", "demand", "fleet", "forecast", "kpi", "now", "personas", "resources_for", "state" }
        local ctx, demand
        local function part(key)
          local make = parts[key]
          if not make then return nil end
          local made = make()
          parts[key] = nil
          if made ~= nil then rawset(ctx, key, made) end
          return made
        end
        local function complete()
          for key in next, parts do part(key) end
        end
        ctx = setmetatable({
          kpi = framed(function(...) return series(host.kpi(...)) end),
          resources_for = framed(function(...) return host.resources_for(...) end),
        }, {
          __index = function(_, key)
            if key == "demand" then
              demand = demand or series(host.demand())
              return demand
            end
            local made = part(key)
            if made == nil then return host.absent("ctx", key, fields) end
            return made
          end,
          __newindex = function(_, key, value)
            complete()
            rawset(ctx, key, value)
          end,
        })
        host.completes(ctx, complete)
        return ctx
        """

    /// `test` and `property`; answers where the functions of the cases are put.
    static let collecting = """
        local host, globals = ...
        local type, framed = type, host.framed
        local bodies = {}
        for _, kind in ipairs { "test", "property" } do
          globals[kind] = framed(function(name, body)
            host.case(kind, name, type(body))
            bodies[name] = body
          end)
        end
        return bodies
        """

    /// The `t` that the functions of cases get.
    static let testing = """
        local host = ...
        local pairs, type, abs, framed = pairs, type, math.abs, host.framed

        local function same(a, b)
          if a == b then return true end
          if type(a) ~= "table" or type(b) ~= "table" then return false end
          for key, value in pairs(a) do if not same(value, b[key]) then return false end end
          for key in pairs(b) do if a[key] == nil then return false end end
          return true
        end

        return setmetatable({
          missing = "missing", stale = "stale", idle = "idle", nan = "nan", source_down = "source_down",
          decide = framed(function(...) return host.decide(...) end),
          simulate = framed(function(...) return host.simulate(...) end),
          any_load = framed(function(...) return host.any_load(...) end),
          equal = framed(function(actual, expected, why)
            if not same(actual, expected) then return host.differ(actual, expected, why) end
          end),
          near = framed(function(actual, expected, tolerance, why)
            if type(actual) ~= "number" or type(expected) ~= "number" or type(tolerance) ~= "number"
              or not (abs(actual - expected) <= tolerance) then
              return host.differ(actual, expected, why)
            end
          end),
          check = framed(function(holds, why)
            if not holds then return host.fail(why) end
          end),
        }, { __index = function(_, key)
          return host.absent("t", key, {
            "any_load", "check", "decide", "equal", "idle", "missing", "nan", "near", "simulate", "source_down", "stale" })
        end })
        """

    private static func luaList(_ names: [String]) -> String {
        "{ \(names.map { "\"\($0)\"" }.joined(separator: ", ")) }"
    }
}
