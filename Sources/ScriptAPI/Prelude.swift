/// The part of the script API that is written in Lua: objects whose methods call the host functions.
///
/// Lua only carries handles and plain tables; what is computed is computed by the host functions. The chunks are part of this
/// program, are run in each fresh environment before the script, and are not counted as its lines: an error that a host function
/// raises through them stands at the script's own line.
enum Prelude {
    /// Name of the chunks in errors. Frames of it are left out when the place of an error is looked for.
    static let chunkName = "=troupe"

    /// The functions that policies call without `ctx`: proposals.
    static let proposals = #"""
        local host = ...
        local api = {}
        for _, name in ipairs(host.proposals) do
          api[name] = function(...) return host.propose(name, ...) end
        end
        return api
        """#

    /// Builds `ctx` and calls the entry; answers what it returned, by name.
    static let policy = #"""
        local host, input = ...

        local Series = {}
        for _, name in ipairs(host.series_methods) do
          Series[name] = function(self, ...)
            return host.series(name, type(self) == "table" and self.handle or nil, ...)
          end
        end
        local function absent(what, known)
          return function(_, key) return host.absent(what, key, known) end
        end
        local series_of = { __index = function(_, key)
          return Series[key] or host.absent("a series", key, host.series_methods)
        end }
        local function series(opened) return setmetatable(opened, series_of) end

        local forecast = setmetatable({
          model = input.forecast and input.forecast.model or "none",
          trust = input.forecast and input.forecast.trust or 0,
          at = function(self, ...) return host.forecast("at", self ~= nil and type(self) == "table", ...) end,
          peak = function(self, ...) return host.forecast("peak", self ~= nil and type(self) == "table", ...) end,
        }, { __index = absent("ctx.forecast", { "at", "model", "peak", "trust" }) })

        local by_name = {}
        for _, persona in ipairs(input.personas) do by_name[persona.name] = persona end
        local personas = setmetatable(input.personas, { __index = by_name })

        local special = {}
        for _, day in ipairs(input.calendar or {}) do special[day.date] = day.name end
        local calendar = {
          days = input.calendar or {},
          today = special[input.now.date],
          on = function(date) return special[date] end,
        }

        local demand
        local fields = { "calendar", "capacity", "demand", "fleet", "forecast", "kpi", "now", "personas", "resources_for", "state" }
        local ctx = setmetatable({
          now = input.now,
          fleet = input.fleet,
          capacity = input.capacity,
          personas = personas,
          forecast = forecast,
          calendar = calendar,
          state = input.state or {},
          kpi = function(...) return series(host.kpi(...)) end,
          resources_for = function(...) return host.resources_for(...) end,
        }, { __index = function(_, key)
          if key ~= "demand" then return host.absent("ctx", key, fields) end
          demand = demand or series(host.demand())
          return demand
        end })
        return ctx
        """#

    /// `test`, `property` and the `t` that their functions get.
    static let testing = #"""
        local host = ...

        local function same(a, b)
          if a == b then return true end
          if type(a) ~= "table" or type(b) ~= "table" then return false end
          for key, value in pairs(a) do if not same(value, b[key]) then return false end end
          for key in pairs(b) do if a[key] == nil then return false end end
          return true
        end

        local t = setmetatable({
          missing = "missing", stale = "stale", idle = "idle", nan = "nan", source_down = "source_down",
          decide = function(given) return host.decide(given) end,
          simulate = function(given) return host.simulate(given) end,
          any_load = function(given) return host.any_load(given) end,
          equal = function(actual, expected, why)
            if not same(actual, expected) then return host.differ(actual, expected, why) end
          end,
          near = function(actual, expected, tolerance, why)
            if type(actual) ~= "number" or type(expected) ~= "number" or type(tolerance) ~= "number"
              or math.abs(actual - expected) > tolerance then
              return host.differ(actual, expected, why)
            end
          end,
          check = function(holds, why)
            if not holds then return host.fail(why) end
          end,
        }, { __index = function(_, key)
          return host.absent("t", key, {
            "any_load", "check", "decide", "equal", "idle", "missing", "nan", "near", "simulate", "source_down", "stale" })
        end })
        return t
        """#
}
