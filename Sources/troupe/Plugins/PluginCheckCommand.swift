import ArgumentParser
import Scripting

struct PluginCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Loads the drivers of the workspace and reports every error at once.",
        discussion: """
            Says what each declares: what it needs, what a fleet's target may say, what it can. Exit code 1: there are errors.

              troupe plugin check
              troupe plugin check acme
            """
    )

    @Argument(help: "Only this driver. (default: all)")
    var name: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await withPlugins(workspace.workspace) { plugins, _ in
                let chosen = try name.map { [try plugins.named($0)] } ?? plugins
                guard !chosen.isEmpty else {
                    throw Failure("there is no driver in plugins/; write one with `troupe plugin new NAME`")
                }
                let facts = chosen.map(Facts.init)
                try output.report(facts) { _ in facts.flatMap(\.lines) + ["ok"] }
            }
        }
    }

    /// What a driver says of itself.
    private struct Facts: Encodable {
        let name: String
        let version: String
        let needs: [String]
        let config: [String]
        let can: [String]

        init(_ plugin: Plugin) {
            name = plugin.name
            version = plugin.version
            needs = plugin.needs.lines
            config = plugin.config.map { key in
                let how =
                    key.fallback.map { "\(key.kind.rawValue), default \($0)" } ?? key.kind.rawValue
                    + (key.isRequired ? "" : ", optional")
                return "\(key.name) (\(how))" + (key.help.map { ": \($0)" } ?? "")
            }
            can = PluginAbility.allCases.filter(plugin.abilities.contains).map(\.rawValue)
        }

        var lines: [String] {
            var lines = ["\(name) \(version)"]
            lines += needs.map { "  needs   \($0)" }
            lines += config.map { "  target  \($0)" }
            lines.append("  can     \(can.isEmpty ? "describe, provision, retire" : can.joined(separator: ", "))")
            return lines
        }
    }
}
