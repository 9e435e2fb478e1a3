import ArgumentParser
import Domain
import ScriptProtocol
import Scripting

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Loads the whole workspace and reports every error at once.",
        discussion: """
            Exit code 0: all is well. 1: there are errors, each as `file:line: error: … (did you mean …?)`; nothing was loaded.

              troupe check
              troupe check ~/fleets --json
            """
    )

    @OptionGroup var folder: WorkspaceArgument
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await withWorkspace(folder.workspace) { workspace, _ in
                let summary = Summary(workspace)
                if output.json { try Output.json(summary) } else { Output.line(summary.text) }
            }
        }
    }

    private struct Summary: Encodable {
        let ok = true
        let personas: [String]
        let fleets: [String]
        let policies: [String]
        let tests: [String]

        init(_ workspace: Workspace) {
            personas = workspace.personas.map(\.name)
            fleets = workspace.fleets.map(\.name)
            policies = workspace.policies.map(\.name)
            tests = workspace.tests.map(\.script.name)
        }

        var text: String {
            """
            personas  \(personas.joined(separator: ", "))
            fleets    \(fleets.joined(separator: ", "))
            policies  \(policies.joined(separator: ", "))
            tests     \(tests.isEmpty ? "none" : tests.joined(separator: "\n          "))
            ok: all of it holds together\(tests.isEmpty ? "" : "; run the tests with `troupe policy test`")
            """
        }
    }
}
