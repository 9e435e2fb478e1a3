extension Prelude {
    /// Builds the `host` of a driver. Nothing of it is computed here: each call goes to the host, which knows what the driver may.
    static let driving = """
        local calls, fleet, folder = ...
        local setmetatable, framed, ipairs = setmetatable, calls.framed, ipairs

        local function asking(name)
          return framed(function(...) return calls.ask(name, ...) end)
        end
        local function named(what, fields, names)
          return setmetatable(fields, { __index = function(_, key) return calls.absent(what, key, names) end })
        end
        local function group(what, names)
          local fields = {}
          for _, name in ipairs(names) do fields[name] = asking(what .. "." .. name) end
          return named("host." .. what, fields, names)
        end

        local fields = {
          base64 = group("base64", { "decode", "encode" }),
          fleet = fleet,
          folder = folder,
          file = group("file", { "list", "read", "remove", "tail", "write" }),
          json = group("json", { "decode", "encode" }),
          process = group("process", { "alive", "find", "signal", "start" }),
          tcp = group("tcp", { "ready" }),
          time = group("time", { "format", "parse" }),
          url = group("url", { "decode", "encode" }),
        }
        for _, name in ipairs { "exec", "hmac_sha256", "http", "log", "now", "secret", "sha256", "sleep" } do
          fields[name] = asking(name)
        end
        return named("host", fields, { "base64", "exec", "file", "fleet", "folder", "hmac_sha256", "http", "json", "log",
          "now", "process", "secret", "sha256", "sleep", "tcp", "time", "url" })
        """
}
