import ArgumentParser
import Drivers
import Foundation
import Scripting

struct PluginTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Tries a driver against every rule that Troupe counts on.",
        discussion: """
            The suite starts, configures and retires resources with the target of plugins/NAME/tests/conformance.lua, and lets the world \
            fail under the driver. Everything is done in a folder that is gone afterwards; what the target names is real. \
            Exit code 1: a rule is broken.

              troupe plugin test acme
              troupe plugin test acme --junit report.xml
            """
    )

    @Argument(help: "The driver.")
    var name: String

    @Option(help: "Write the result as JUnit XML to this file too.", completion: .file())
    var junit: String?

    @Flag(help: "Print what the driver says on the way.")
    var verbose = false

    @Option(help: "Where databases and secrets are kept. (default: $TROUPE_DATA, or .troupe)", completion: .directory)
    var data: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            try await withPlugins(workspace.workspace) { plugins, workers in
                let plugin = try plugins.named(name)
                let root = URL(fileURLWithPath: workspace.workspace, isDirectory: true)
                let crew = DriverWorkers()
                defer { crew.shutdown() }
                let (isVerbose, isQuiet) = (verbose, output.json)
                let report: ConformanceReport
                do throws(PluginTrial.Faults) {
                    let trial = try await PluginTrial(of: plugin, in: root, workers: workers)
                    report = try await trial.run(
                        plugin,
                        in: root,
                        secrets: SecretSource(folder: DataFolder(data).secrets),
                        workers: crew,
                        log: { line in if isVerbose { Output.note("\(line.function): \(line.text)") } },
                        progress: { check in if !isQuiet { Output.note("\(check.rule.rawValue): \(check.name)") } }
                    )
                } catch {
                    throw Failure(error.lines)
                }
                if let junit {
                    do {
                        try Data(report.junit.utf8).write(to: URL(fileURLWithPath: junit))
                    } catch {
                        throw Failure("\(junit) cannot be written (\(error.localizedDescription))")
                    }
                }
                if output.json { try Output.json(Summary(report)) } else { Output.line(report.text) }
                guard report.passes else { throw ExitCode.failure }
            }
        }
    }

    private struct Summary: Encodable {
        struct Check: Encodable {
            let rule: String
            let name: String
            let outcome: String
            let why: String?
        }

        let ok: Bool
        let driver: String
        let checks: [Check]

        init(_ report: ConformanceReport) {
            ok = report.passes
            driver = report.subject
            checks = report.checks.map { check in
                switch check.outcome {
                case .passed: Check(rule: check.rule.rawValue, name: check.name, outcome: "passed", why: nil)
                case .failed(let why): Check(rule: check.rule.rawValue, name: check.name, outcome: "failed", why: why)
                case .skipped(let why): Check(rule: check.rule.rawValue, name: check.name, outcome: "skipped", why: why)
                }
            }
        }
    }
}
