import ArgumentParser
import PolicyTesting
import ScriptProtocol
import Scripting
import Simulation

struct PolicyTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Runs the tests in policies/tests.",
        discussion: """
            A `test` runs once; a `property` meets many loads, each from its own seed. Exit code 1: at least one failed.

              troupe policy test
              troupe policy test latency-guard --filter blind
              troupe policy test --seeds 100
            """
    )

    @Argument(help: "Run only files whose name holds one of these. (default: all)")
    var files: [String] = []

    @Option(help: "Run only tests whose name holds this text.")
    var filter: String?

    @Option(help: "How many loads a property meets.")
    var seeds = 10

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(seeds) else {
            throw ValidationError("--seeds is \(seeds): give a number from 1 to 100,000.")
        }
    }

    func run() async throws {
        try await output.reporting {
            try await withWorkspace(workspace.workspace) { workspace, workers in
                let suite = PolicyTestSuite(
                    workspace: workspace,
                    workers: workers,
                    files: files,
                    filter: filter,
                    seeds: seeds
                )
                var file = ""
                let summary = await suite.run { outcome in
                    guard !output.json else { return }
                    if outcome.testCase.file != file {
                        file = outcome.testCase.file
                        Output.line(file)
                    }
                    for line in Self.lines(outcome) { Output.line(line) }
                }
                guard !summary.outcomes.isEmpty else { throw Failure(nothingMatches(workspace)) }
                if output.json {
                    try Output.json(Report(summary))
                } else {
                    Output.line("\(summary.passed) passed, \(summary.failed) failed")
                }
                if summary.failed > 0 { throw ExitCode.failure }
            }
        }
    }

    private func nothingMatches(_ workspace: Workspace) -> String {
        let names = workspace.tests.map(\.script.name)
        guard !names.isEmpty else { return "there are no tests: write one in policies/tests/NAME_test.lua" }
        return "no test matches; the files are \(names.joined(separator: ", "))"
    }

    private static func lines(_ outcome: PolicyTestOutcome) -> [String] {
        let style = Output.style
        let runs = outcome.testCase.kind == .property ? " (\(outcome.runs) loads)" : ""
        switch outcome.ending {
        case .passed:
            let mark = style.paint(style.unicode ? "✓" : "ok  ", .green)
            return ["  \(mark) \(outcome.testCase.name)\(runs)"]
        case .failed(let why):
            let mark = style.paint(style.unicode ? "✗" : "FAIL", .red)
            return ["  \(mark) \(outcome.testCase.name)", "      \(why)"] + outcome.log.map { "      printed: \($0)" }
        }
    }

    private struct Report: Encodable {
        let ok: Bool
        let passed: Int
        let failed: Int
        let tests: [Case]

        struct Case: Encodable {
            let file: String
            let line: Int
            let name: String
            let kind: String
            let runs: Int
            let passed: Bool
            let error: String?
            let log: [String]
        }

        init(_ summary: PolicyTestSummary) {
            ok = summary.failed == 0
            passed = summary.passed
            failed = summary.failed
            tests = summary.outcomes.map { outcome in
                var error: String?
                if case .failed(let why) = outcome.ending { error = why }
                return Case(
                    file: outcome.testCase.file,
                    line: outcome.testCase.line,
                    name: outcome.testCase.name,
                    kind: outcome.testCase.kind.rawValue,
                    runs: outcome.runs,
                    passed: error == nil,
                    error: error,
                    log: outcome.log
                )
            }
        }
    }
}
