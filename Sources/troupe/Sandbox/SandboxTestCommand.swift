import ArgumentParser
import SandboxTesting

struct SandboxTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs any script as a policy, under the real limits, and says how it ended.",
        discussion: """
            Each script is loaded, run for its result, and called the way policies are. After each run a script that is known to be \
            good has to give its right answer. Exit code 1: the sandbox did not hold, or a script of a corpus ended otherwise than \
            its index says.

              troupe sandbox test suspicious.lua
              troupe sandbox test --corpus attacks --rounds 3

            A corpus is a folder with an INDEX.tsv: per line a file, how it has to end (limit, error or contained), and what it \
            tries, divided by tabs.
            """
    )

    @Argument(help: "The scripts to run.", completion: .file(extensions: ["lua"]))
    var files: [String] = []

    @Option(help: "Run the scripts that INDEX.tsv in this folder lists.", completion: .directory)
    var corpus: String?

    @Option(help: "How often to run all of them; the host's memory may not grow from the first round to the last.")
    var rounds = 1

    @Option(
        help: "How many times longer a run may take than a policy's, for a worker with a sanitizer or a busy machine."
    )
    var slowness = 1

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...1000).contains(rounds) else {
            throw ValidationError("--rounds is \(rounds): give a number from 1 to 1,000.")
        }
        guard (1...100).contains(slowness) else {
            throw ValidationError("--slowness is \(slowness): give a number from 1 to 100.")
        }
        guard !files.isEmpty || corpus != nil else {
            throw ValidationError("Nothing to run: name scripts, or a folder with --corpus.")
        }
    }

    func run() async throws {
        try await output.reporting {
            let scripts = try scripts()
            let table = SandboxTable(style: Output.style, width: scripts.map(\.name.count).max() ?? 0)
            if !output.json { Output.line(table.heading) }
            let report = try await SandboxTester(slowness: slowness)
                .run(scripts, rounds: rounds) { outcome, round in
                    guard !output.json else { return }
                    // Later rounds only say what is wrong.
                    if round == 1 { Output.line(table.row(outcome)) }
                    for fault in outcome.faults { Output.line(table.fault(fault, round: rounds > 1 ? round : nil)) }
                    if round == 1 && corpus == nil { for line in table.details(outcome) { Output.line(line) } }
                }
            if output.json {
                try Output.json(SandboxJSON(report, rounds: rounds))
            } else {
                for line in table.summary(report, rounds: rounds) { Output.line(line) }
            }
            if !report.held { throw ExitCode.failure }
        }
    }

    /// All that are named, or every reason why one cannot be run.
    private func scripts() throws -> [SandboxScript] {
        var scripts: [SandboxScript] = []
        var errors: [String] = []
        if let corpus {
            do { scripts += try SandboxCorpus(folder: corpus).scripts } catch { errors.append("\(error)") }
        }
        for file in files {
            do throws(SandboxTestError) {
                var script = try SandboxScript(file: file)
                try script.requireText()
                script.findModules(beside: file)
                scripts.append(script)
            } catch {
                errors.append(error.description)
            }
        }
        guard errors.isEmpty else { throw Failure(errors) }
        return scripts
    }
}
