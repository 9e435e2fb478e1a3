import Foundation

/// What a day of faults is lived on: a fleet whose drivers and policy fail at times, and one whose driver is a plugin that does all that a
/// plugin must not.
enum DayWorkspace {
    static let most = 50
    static let least = 2

    static func write(to root: String) throws {
        for (path, text) in files {
            let file = URL(filePath: root).appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }

    private static func persona(_ name: String, capacity: Int, cost: Int) -> String {
        """
        return persona {
          name = "\(name)", capacity = { request_rate = \(capacity) }, cost = { per_hour = \(cost), shortfall = 20 }, startup = "90s",
          templates = { ["/etc/app.conf"] = "mode=\(name)\\nid={{resource.id}}\\n" },
        }
        """
    }

    private static func fleet(_ name: String, driver: String) -> String {
        """
        return fleet {
          name = "\(name)", driver = "\(driver)", personas = { "web", "safe" }, policies = { "moody" }, demand = "request_rate",
          interval = "1m", mode = "act",
          limits = { min = \(least), max = \(most), step_up = "100%/1m", removals = "50%/1h", cost_per_hour = 60 },
        }
        """
    }

    private static var files: [String: String] {
        [
            "policies/personas/web.lua": persona("web", capacity: 100, cost: 1),
            "policies/personas/safe.lua": persona("safe", capacity: 50, cost: 2),
            "policies/fleets/shop.lua": fleet("shop", driver: "simulated"),
            "policies/fleets/depot.lua": fleet("depot", driver: "odd"),
            "policies/scaling/moody.lua": """
            local policy = { name = "moody" }
            function policy.propose(ctx)
              local minute = math.floor(ctx.now.epoch / 60)
              if minute % 41 == 7 then while true do end end
              if minute % 53 == 9 then
                local much = {}
                while true do much[#much + 1] = ("x"):rep(1000) .. #much end
              end
              if minute % 29 == 3 then error("a bad day") end
              return at_least(ctx.resources_for(ctx.demand:mean("5m")), "the last minutes"), { minute = minute }
            end
            return policy
            """,
            "plugins/odd/plugin.lua": plugin,
        ]
    }

    /// The fleet is a file. What is wrong with the driver is another thing each minute, and mostly nothing.
    private static let plugin = """
        local function mood(host)
          local draw = tonumber(host.sha256("mood" .. math.floor(host.now() / 60)):sub(1, 6), 16) % 1000
          if draw < 15 then return "hangs" end
          if draw < 19 then return "loops" end
          if draw < 24 then return "swallows" end
          if draw < 60 then return "lies" end
          if draw < 100 then return "fails" end
          if draw < 130 then return "is cut off" end
        end

        local function suffer(host)
          local mood = mood(host)
          if mood == "hangs" then while true do host.sleep(1) end end
          if mood == "loops" then while true do end end
          if mood == "swallows" then
            local much = {}
            while true do much[#much + 1] = ("x"):rep(10000) .. #much end
          end
          return mood
        end

        local function load(host)
          local text = host.file.read("fleet.json")
          return text and host.json.decode(text).list or {}
        end
        local function save(host, list) host.file.write("fleet.json", host.json.encode { list = list }) end

        local function describe(host)
          local mood = suffer(host)
          if mood == "fails" then return nil, "no answer", "unavailable" end
          if mood == "lies" then return { { id = {}, state = "splendid" } } end
          local list = {}
          for _, r in ipairs(load(host)) do
            list[#list + 1] = {
              id = r.id, key = r.key, persona = r.persona, state = host.now() - r.since > 60 and "ready" or "starting", since = r.since,
              managed = true, configuration = r.configuration,
            }
          end
          return list
        end

        local function provision(host, target, request)
          local mood = suffer(host)
          if mood == "fails" then return nil, "no answer", "unavailable" end
          local list, ids = load(host), {}
          for _, r in ipairs(list) do
            if r.key == request.key then ids[#ids + 1] = r.id end
          end
          for i = #ids + 1, request.count do
            local id = host.sha256(request.key):sub(1, 12) .. "-" .. i
            list[#list + 1] = { id = id, key = request.key, persona = request.persona, since = host.now() }
            ids[#ids + 1] = id
          end
          save(host, list)
          if mood == "is cut off" then error("the answer is lost") end
          if mood == "lies" then return { ids = "all of them", refused = -7 } end
          return { ids = ids, refused = 0 }
        end

        local function retire(host, target, request)
          local mood = suffer(host)
          if mood == "fails" then return nil, "no answer", "unavailable" end
          local told, kept, gone = {}, {}, {}
          for _, id in ipairs(request.ids) do told[id] = true end
          for _, r in ipairs(load(host)) do
            local place = told[r.id] and gone or kept
            place[#place + 1] = told[r.id] and r.id or r
          end
          save(host, kept)
          if mood == "is cut off" then error("the answer is lost") end
          if mood == "lies" then return { "a stranger" } end
          return gone
        end

        local function configure(host, target, request)
          local mood = suffer(host)
          if mood == "fails" then return nil, "no answer", "unavailable" end
          local list, found = load(host), false
          for _, r in ipairs(list) do
            if r.id == request.resource then
              r.persona, r.configuration, found = request.persona, request.configuration, true
            end
          end
          if not found then return nil, "there is no " .. request.resource, "not_found" end
          save(host, list)
          return true
        end

        return driver {
          name = "odd", version = "1.0.0", api = 1, needs = { files = { "state" } }, config = {},
          can = { "retire_chosen", "configure", "mixed_personas" },
          describe = describe, provision = provision, retire = retire, configure = configure,
        }
        """
}
