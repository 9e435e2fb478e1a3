package import ScriptProtocol
package import Workers

/// Answers what a policy test asks: whoever can decide and simulate.
package protocol PolicyTestHost: Sendable {
    /// - Throws: what is wrong with the scenario, in a sentence; it is raised in the test, at its own line.
    func decide(_ scenario: DecideScenario) async throws(PolicyTestProblem) -> DecideResult
    func simulate(_ scenario: SimulateScenario) async throws(PolicyTestProblem) -> SimulateResult
}

/// Why a scenario cannot be decided or simulated: `there is no fleet "storefrnt"`.
package struct PolicyTestProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// Lists and runs the cases of test files.
package struct PolicyTestRunner: Sendable {
    private let workers: WorkerPool
    private let host: any PolicyTestHost
    private let seeds: Int

    /// `seeds` is how many loads a property meets.
    package init(workers: WorkerPool, host: any PolicyTestHost, seeds: Int = 10) {
        self.workers = workers
        self.host = host
        self.seeds = max(1, seeds)
    }

    /// The cases of a file, in its order.
    ///
    /// - Throws: `ScriptFailure` where the file cannot be run at all, or holds no case.
    package func cases(in file: PolicyTestFile) async throws(ScriptFailure) -> [PolicyTestCase] {
        let request = ScriptRequest(
            mode: .test,
            script: file.script,
            modules: file.modules,
            entry: "",
            limits: .definition
        )
        let result = try await workers.answer(request).get()
        let cases = PolicyTestCase.list(result.value, of: file.script)
        guard !cases.isEmpty else {
            throw ScriptFailure(
                kind: .badResult,
                message: "the file holds no test; expected test(\"…\", function(t) … end) or property(…)",
                file: file.script.name
            )
        }
        return cases
    }

    /// Runs one case; a property until a seed fails, or all have passed.
    package func run(_ testCase: PolicyTestCase, of file: PolicyTestFile) async -> PolicyTestOutcome {
        let count = testCase.kind == .property ? seeds : 1
        var log: [String] = []
        for seed in 1...count {
            let request = ScriptRequest(
                mode: .test,
                script: file.script,
                modules: file.modules,
                entry: testCase.name,
                input: .sorted([.init("seed", .integer(Int64(seed)))]),
                limits: .test
            )
            let host = host
            let result = await workers.answer(request) { call in
                await PolicyTestAnswers.answer(call, seed: UInt64(seed), host: host)
            }
            switch result {
            case .success(let result):
                log += result.log
            case .failure(let failure):
                let which = testCase.kind == .property ? " (seed \(seed) of \(count))" : ""
                return PolicyTestOutcome(
                    testCase: testCase,
                    ending: .failed(failure.located + which),
                    log: log + failure.log,
                    runs: seed
                )
            }
        }
        return PolicyTestOutcome(testCase: testCase, ending: .passed, log: log, runs: count)
    }
}
