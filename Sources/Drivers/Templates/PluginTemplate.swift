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
        -- A request to it would be: host.http { url = target.url .. "/machines", method = "GET" }, declared in needs.http; any status is
        -- an answer, and nothing is retried for you.

        local function load(host)
          local text = host.file.read("fleet.json")
          return text and host.json.decode(text).resources or {}
        end

        local function save(host, resources) host.file.write("fleet.json", host.json.encode { resources = resources }) end

        -- All resources of the fleet that are there. A long list may be answered in pages: return list, next (the next page's name or
        -- number), which comes back as page.next.
        local function describe(host, target, page)
          local list = {}
          for _, resource in ipairs(load(host)) do
            list[#list + 1] = {
              id = resource.id,
              key = resource.key,         -- of the request that created it: makes it ours. What has none is counted, and never retired
              state = "ready",            -- starting, ready, draining or gone
              persona = resource.persona,
              labels = { zone = target.zone },
              configuration = resource.configuration, -- what configure was given last, or nothing
            }
          end
          return list
        end

        -- request: count, persona, allocation, files, key. A key that was seen starts nothing a second time and answers as it did:
        -- Troupe makes the same request again when an answer was lost. Where the service names a resource only later, do as here: choose
        -- the id, of the key, and find the resource by it.
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

        -- request: resource, persona, allocation, files (contents by path), configuration, key. It follows provision, once describe shows
        -- the resource. `configuration` names the files: describe answers it, and Troupe sees what is out of date.
        local function configure(host, target, request)
          local resources = load(host)
          for _, resource in ipairs(resources) do
            if resource.id == request.resource then
              resource.persona, resource.configuration = request.persona, request.configuration
              return save(host, resources)
            end
          end
          -- "not_found", "refused" (another try would not help) or "unavailable" (it may pass: it is tried again).
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
          -- What a fleet's `target` says: string, integer, number, boolean or duration; required without a default or a ? ("string?").
          config = { zone = { type = "string", default = "a", help = "where resources are started" } },
          -- configure and precheck for functions that are there.
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
        -- All keys, beside those below:
        --   service = { command = "python3", args = { "{tests}/service.py", "{port}" } }   a stand-in for your service, meanwhile;
        --                                          url = "http://{service}" is then its address in a target,
        --                                          and "{ports}" a range of 100 ports that are free
        --   page = 50                              how many resources your service lists on a page
        --   wrong = { { target = { … }, names = "url" } }   targets that cannot work, and a word that your error must name
        --   full = { target = { … }, count = 3 }   a target that has no room for so many
        return {
          target = { zone = "a" },
          pause = "5ms", -- between two looks at what starts or leaves
          looks = 20,
        }

        """
}
