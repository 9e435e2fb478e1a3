/// A small driver whose fleet is a file, sound in every respect; tests break one part of it.
enum SmallDriver {
    static let sound: [(name: String, text: String)] = [
        (
            "load",
            """
            local function load(host)
              local text = host.file.read("fleet.json")
              return text and host.json.decode(text).list or {}
            end
            local function save(host, list) host.file.write("fleet.json", host.json.encode { list = list }) end
            """
        ),
        (
            "describe",
            """
            local function describe(host)
              local list = {}
              for _, r in ipairs(load(host)) do
                list[#list + 1] = { id = r.id, key = r.key, persona = r.persona, state = "ready", managed = true, configuration = r.configuration }
              end
              return list
            end
            """
        ),
        (
            "provision",
            """
            local function provision(host, target, request)
              local list, ids = load(host), {}
              for _, r in ipairs(list) do
                if r.key == request.key then ids[#ids + 1] = r.id end
              end
              for i = #ids + 1, request.count do
                local id = host.sha256(request.key):sub(1, 12) .. "-" .. i
                list[#list + 1] = { id = id, key = request.key, persona = request.persona }
                ids[#ids + 1] = id
              end
              save(host, list)
              return { ids = ids, refused = 0 }
            end
            """
        ),
        (
            "retire",
            """
            local function retire(host, target, request)
              local told, kept, gone = {}, {}, {}
              for _, id in ipairs(request.ids) do told[id] = true end
              for _, r in ipairs(load(host)) do
                local place = told[r.id] and gone or kept
                place[#place + 1] = told[r.id] and r.id or r
              end
              save(host, kept)
              return gone
            end
            """
        ),
        (
            "configure",
            """
            local function configure(host, target, request)
              local list, found = load(host), false
              for _, r in ipairs(list) do
                if r.id == request.resource then
                  r.persona, r.configuration, found = request.persona, request.configuration, true
                end
              end
              if not found then return nil, "there is no " .. request.resource, "not_found" end
              save(host, list)
            end
            """
        ),
        ("precheck", "local function precheck(host) load(host) end"),
    ]

    static func text(needs: String = "files = { \"state\" }", config: String = "", _ changes: [String: String] = [:])
        -> String
    {
        sound.map { changes[$0.name] ?? $0.text }.joined(separator: "\n") + """

            return driver {
              name = "odd", version = "1.0.0", api = 1,
              needs = { \(needs) }, config = { \(config) },
              can = { "retire_chosen", "configure", "precheck" },
              describe = describe, provision = provision, retire = retire, configure = configure, precheck = precheck,
            }
            """
    }
}
