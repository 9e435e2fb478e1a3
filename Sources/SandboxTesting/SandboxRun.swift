package import ScriptProtocol

/// One way in which a script is run, for each can hurt at another place: while it loads, by what it returns, when it is called.
package struct SandboxRun: Sendable {
    package let name: String
    package let request: ScriptRequest

    /// Handlers that scripts are known to define, apart from the entries of policies.
    private static let handlers = [
        "propose", "merge", "choose_persona", "decide", "policy", "on_tick", "main", "handler", "scale", "evaluate",
        "init", "tick",
        "run",
    ]
    private static let entries = ["propose", "merge", "choose_persona"]

    /// The runs of a script.
    static func all(of script: SandboxScript, limits: ScriptLimits) -> [SandboxRun] {
        [
            SandboxRun(name: "load", request: request(script, limits)),
            // What a body returns has to be in a table to be seen.
            SandboxRun(
                name: "result",
                request: request(script, limits, prefix: "return { answer = (function(...) ", suffix: "\nend)() }")
            ),
            SandboxRun(
                name: "handlers",
                request: request(
                    script,
                    limits,
                    entry: "propose",
                    prefix: "local _made = (function(...) ",
                    suffix: callHandlers
                )
            ),
        ]
    }

    /// The entries that a policy has defined, each as the control loop calls it.
    ///
    /// - Parameter defined: what the script defined where it was loaded.
    static func entries(of script: SandboxScript, defined: ScriptValue, limits: ScriptLimits) -> [SandboxRun] {
        guard case .table(let fields) = defined else { return [] }
        return
            fields.filter { field in
                if case .function = field.value { entries.contains(field.key) } else { false }
            }
            .map { SandboxRun(name: $0.key, request: request(script, limits, entry: $0.key)) }
    }

    /// Calls all handlers several times: some behave at first.
    private static let callHandlers = """

        end)()
        return { propose = function(...)
          local last
          for _ = 1, 6 do
            for _, name in ipairs { \(handlers.map { "\"\($0)\"" }.joined(separator: ", ")) } do
              local handler = _ENV[name] or (type(_made) == "table" and _made[name])
              if handler then last = handler(...) end
            end
          end
          return last
        end }
        """

    private static func request(
        _ script: SandboxScript,
        _ limits: ScriptLimits,
        entry: String = "",
        prefix: String = "",
        suffix: String = ""
    ) -> ScriptRequest {
        ScriptRequest(
            mode: entry.isEmpty ? .define : .call,
            script: ScriptSource(name: script.name, bytes: Array(prefix.utf8) + script.bytes + Array(suffix.utf8)),
            modules: script.modules,
            entry: entry,
            input: entry.isEmpty ? .null : SandboxWorld.input,
            limits: limits
        )
    }
}
