import ScriptProtocol
package import Scripting
package import Workers

/// All tests of a workspace, or those that a filter picks.
package struct PolicyTestSuite: Sendable {
    private let files: [PolicyTestFile]
    private let runner: PolicyTestRunner
    private let filter: String?

    /// - Parameters:
    ///   - files: file names or parts of them; only tests of files whose name holds one of them are run. Empty = all.
    ///   - filter: only cases whose name holds this text.
    ///   - seeds: how many loads a property meets.
    package init(
        workspace: Workspace,
        workers: WorkerPool,
        files names: [String] = [],
        filter: String? = nil,
        seeds: Int = 10
    ) {
        files = workspace.tests.filter { file in names.isEmpty || names.contains { file.script.name.contains($0) } }
        runner = PolicyTestRunner(
            workers: workers,
            host: WorkspaceTestHost(workspace: workspace, workers: workers),
            seeds: seeds
        )
        self.filter = filter
    }

    /// Runs the cases one after the other, in the order of their files and lines.
    ///
    /// - Parameter report: called after each case.
    package func run(report: (PolicyTestOutcome) -> Void = { _ in }) async -> PolicyTestSummary {
        var summary = PolicyTestSummary()
        for file in files {
            let cases: [PolicyTestCase]
            do {
                cases = try await runner.cases(in: file)
            } catch {
                // A file that ran when the workspace was loaded and does not run now: that is a failure, not a missing test.
                let lost = PolicyTestCase(file: file.script.name, name: "(the file itself)", kind: .test, line: 1)
                let outcome = PolicyTestOutcome(testCase: lost, ending: .failed(error.located), log: error.log, runs: 0)
                summary.outcomes.append(outcome)
                report(outcome)
                continue
            }
            for testCase in cases where filter.map({ testCase.name.contains($0) }) ?? true {
                let outcome = await runner.run(testCase, of: file)
                summary.outcomes.append(outcome)
                report(outcome)
            }
        }
        return summary
    }
}

/// How a run of policy tests ended.
package struct PolicyTestSummary: Sendable {
    package var outcomes: [PolicyTestOutcome] = []

    package var passed: Int { outcomes.count { $0.ending == .passed } }
    package var failed: Int { outcomes.count - passed }
}
