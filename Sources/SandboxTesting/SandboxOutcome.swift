import ScriptProtocol

/// What came of trying one script.
package struct SandboxOutcome: Sendable {
    package struct Run: Sendable {
        package let name: String
        package let ending: SandboxEnding
        /// As the host saw it, from the request to the answer.
        package let duration: Duration
    }

    package let script: String
    package let expectation: SandboxExpectation?
    package internal(set) var runs: [Run] = []
    /// Why the sandbox failed; empty where it held.
    package internal(set) var faults: [String] = []

    package var held: Bool { faults.isEmpty }

    /// The run that tells most: the first that did not come to its end as it wanted.
    package var telling: Run? { runs.first { !$0.ending.isNormal } ?? runs.first }

    /// The same without what the runs said.
    var short: SandboxOutcome {
        var short = self
        short.runs = runs.map { Run(name: $0.name, ending: $0.ending.short, duration: $0.duration) }
        return short
    }

    package var longest: Duration { runs.map(\.duration).max() ?? .zero }

    package var peakMemoryBytes: Int64 { runs.map(\.ending.usage.peakMemoryBytes).max() ?? 0 }
}

/// What came of trying all scripts.
package struct SandboxReport: Sendable {
    /// Of all rounds, in order.
    package internal(set) var outcomes: [SandboxOutcome] = []
    /// Resident memory of this process after each round.
    package internal(set) var hostMemoryBytes: [Int64] = []
    /// Workers that the pool had to kill, and those that died.
    package internal(set) var kills = 0
    package internal(set) var deaths = 0
    /// How long a run may take.
    package let bound: Duration

    package var runs: Int { outcomes.reduce(0) { $0 + $1.runs.count } }
    package var longest: Duration { outcomes.map(\.longest).max() ?? .zero }

    /// By how much the host grew after the first round, as a share; nil where there was but one.
    package var hostGrowth: Double? {
        guard hostMemoryBytes.count > 1, let first = hostMemoryBytes.first, let last = hostMemoryBytes.last, first > 0
        else {
            return nil
        }
        return Double(last - first) / Double(first)
    }

    package static let allowedGrowth = 0.05

    package var isHostFlat: Bool { hostGrowth.map { $0 <= Self.allowedGrowth } ?? true }

    package var held: Bool { isHostFlat && outcomes.allSatisfy(\.held) }
}
