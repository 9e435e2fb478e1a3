/// What `troupe plugin new` writes: a driver that passes the conformance suite as it is, to be changed step by step.
package struct PluginTemplate: Sendable {
    /// Below the workspace.
    package var files: [(path: String, text: String)]

    package init(name: String) {
        let folder = "plugins/\(name)"
        files = [
            ("\(folder)/plugin.lua", Self.script.replacing("NAME", with: name)),
            ("\(folder)/README.md", Self.readme.replacing("NAME", with: name)),
            ("\(folder)/tests/conformance.lua", Self.conformance.replacing("NAME", with: name)),
        ]
    }

    private static let script = """
        -- Drives a fleet of NAME.
        --
        -- As it stands the fleet is a list in a file, so that the conformance suite passes from the first minute on:
        -- `troupe plugin test NAME`. Put your own service in its place, one function at a time, and run the suite after each.
        -- A request to it would be: host.http { url = target.url .. "/machines", method = "GET" }, declared in needs.http.

        local function load(host)
          local text = host.file.read("fleet.json")
          return text and host.json.decode(text).resources or {}
        end

        local function save(host, resources) host.file.write("fleet.json", host.json.encode { resources = resources }) end

        -- All resources of the fleet that are there. A long list may be answered in pages: return list, "next page's name",
        -- which comes back as page.next.
        local function describe(host, target, page)
          local list = {}
          for _, resource in ipairs(load(host)) do
            list[#list + 1] = {
              id = resource.id,
              key = resource.key,         -- of the request that created it
              managed = true,             -- false for what somebody else created: it is counted, and never retired
              state = "ready",            -- starting, ready, draining or gone
              persona = resource.persona,
              labels = { zone = target.zone },
              configuration = resource.configuration,
            }
          end
          return list
        end

        -- request: count, persona, allocation, files, key. A key that was seen starts nothing a second time and answers as it did:
        -- Troupe makes the same request again when an answer was lost.
        local function provision(host, target, request)
          local resources, ids = load(host), {}
          for _, resource in ipairs(resources) do
            if resource.key == request.key then ids[#ids + 1] = resource.id end
          end
          local stem = host.fleet .. "-" .. host.sha256(request.key):sub(1, 10)
          for i = #ids + 1, request.count do
            local id = stem .. "-" .. i
            resources[#resources + 1] = { id = id, key = request.key, persona = request.persona }
            ids[#ids + 1] = id
          end
          save(host, resources)
          -- What cannot be had is no error: return { ids = ids, refused = 2, reason = "quota of zone a is used up" }.
          return { ids = ids, refused = request.count - #ids }
        end

        -- request: ids, key. Retires these and no others; answers which of them leave. What is not there is passed over.
        local function retire(host, target, request)
          local told, kept, leaving = {}, {}, {}
          for _, id in ipairs(request.ids) do told[id] = true end
          for _, resource in ipairs(load(host)) do
            if told[resource.id] then leaving[#leaving + 1] = resource.id else kept[#kept + 1] = resource end
          end
          save(host, kept)
          return leaving
        end

        -- request: resource, persona, allocation, files (contents by path), configuration, key. `configuration` names the files: describe
        -- answers it, and Troupe sees what is out of date.
        local function configure(host, target, request)
          local resources = load(host)
          for _, resource in ipairs(resources) do
            if resource.id == request.resource then
              resource.persona, resource.configuration = request.persona, request.configuration
              return save(host, resources)
            end
          end
          return nil, "there is no resource " .. request.resource, "not_found"
        end

        -- What stands in the way of a plan, in words; nothing where nothing does. It must change nothing.
        local function precheck(host, target, plan)
          if #load(host) + #plan.start > 1000 then return { "NAME has room for 1000" } end
        end

        return driver {
          name = "NAME",
          version = "0.1.0",
          api = 1,
          -- Nothing else can be reached, and nothing of it before the operator has granted it.
          needs = { files = { "state" } },
          -- What a fleet's `target` says.
          config = { zone = { type = "string", default = "a", help = "where resources are started" } },
          can = { "retire_chosen", "configure", "mixed_personas", "precheck" },
          describe = describe,
          provision = provision,
          retire = retire,
          configure = configure,
          precheck = precheck,
        }

        """

    private static let readme = """
        # NAME

        A Troupe driver. What it drives, what it needs, what a fleet's `target` says:

        ```lua
        return fleet {
          name = "shop", driver = "NAME", target = { zone = "a" },
          …
        }
        ```

        | target | what it is |
        |---|---|
        | `zone` | where resources are started (`a`) |

        Check, try, grant:

        ```
        troupe plugin check NAME
        troupe plugin test NAME
        troupe plugin grant NAME
        ```

        """

    private static let conformance = """
        -- What the conformance suite tries the driver with: `troupe plugin test NAME`.
        --
        -- service = { command = "python3", args = { "{tests}/service.py", "{port}" } } would run a stand-in for your service meanwhile;
        -- "{service}" in a target is its address, "{ports}" a range of 100 ports that are free. Each of `wrong` is a target that cannot
        -- work, and a word its error must name.
        return {
          target = { zone = "a" },
          pause = "5ms",
          looks = 20,
        }

        """
}
