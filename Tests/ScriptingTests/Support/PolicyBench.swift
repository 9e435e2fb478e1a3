import Decision
import Domain
import ScriptProtocol
import Scripting
import Synchronization
import Testing
import Workers

/// A fleet with one policy, and a world that answers what a test says.
final class PolicyBench: Sendable {
    let runner: PolicyRunner
    private let fleet: Fleet
    private let asked = Mutex<[SeriesQuery]>([])

    static let now = Timestamp(milliseconds: 1_772_452_800_000)  // 2026-03-02 12:00 UTC, a Monday
    static let personas = [
        Persona(name: "web", capacity: [KPIAmount(kpi: "request_rate", amount: 100)]),
        Persona(name: "safe", capacity: [KPIAmount(kpi: "request_rate", amount: 60)]),
    ]

    /// `functions` are those of a table `policy`, in Lua.
    init(_ functions: String, timezone: String = "UTC", workers: WorkerPool? = nil) throws {
        let source = "local policy = { name = \"steady\" }\n\(functions)\nreturn policy"
        fleet = Fleet(
            name: "shop",
            personas: ["web", "safe"],
            policies: ["steady"],
            demand: .kpi("request_rate"),
            timezone: timezone
        )
        runner = PolicyRunner(
            policy: Policy(
                name: "steady",
                script: ScriptSource(name: "policies/scaling/steady.lua", bytes: Array(source.utf8)),
                hasMergeHook: true,
                hasMixHook: true
            ),
            fleet: fleet,
            personas: Self.personas,
            workers: try workers ?? TestWorkers.pool()
        )
    }

    /// What was asked of the world so far, sent along or fetched.
    var queries: [SeriesQuery] { asked.withLock { $0 } }

    func context(
        now: Timestamp = PolicyBench.now,
        ready: Int = 4,
        outlook: DemandOutlook? = PolicyBench.outlook,
        series: @escaping @Sendable (SeriesQuery) -> SeriesAnswer = { PolicyBench.flat(7, $0) },
        forecast: @escaping @Sendable (ForecastQuery) -> ForecastAnswer? = { _ in nil }
    ) -> PolicyContext {
        PolicyContext(
            fleet: fleet,
            personas: Self.personas,
            now: now,
            capacity: [ResourceGroup(persona: "web", state: .ready, since: now - .hours(1), count: ready)],
            outlook: outlook,
            seed: 1,
            series: { [self] query in
                asked.withLock { $0.append(query) }
                return series(query)
            },
            forecast: forecast
        )
    }

    func propose(_ context: PolicyContext? = nil, state: ScriptValue = .null) async -> PolicyRun {
        await runner.propose(context ?? self.context(), state: state)
    }

    static let outlook = DemandOutlook(
        model: "ridge",
        trust: 0.8,
        origin: now,
        step: .minutes(1),
        quantile: 0.95,
        values: [400]
    )

    /// A minute grid that has always read the same.
    static func flat(_ value: Double, _ query: SeriesQuery) -> SeriesAnswer {
        let steps = Int(query.window.milliseconds / 60_000)
        return SeriesAnswer(
            status: .ok,
            start: now - .minutes(Int64(steps - 1)),
            step: .minutes(1),
            values: Array(repeating: value, count: steps)
        )
    }

    static func none(_ status: SeriesAnswer.Status) -> SeriesAnswer {
        SeriesAnswer(status: status, start: now, step: .minutes(1), values: [])
    }
}

extension PolicyRun {
    /// Each proposal as a script would have written it, with its reason.
    var proposed: [String]? {
        guard case .proposed(let proposals) = outcome.ending else { return nil }
        return proposals.map { "\($0.text): \($0.reason)" }
    }

    var failure: String? {
        if case .failed(let message) = outcome.ending { message } else { nil }
    }

    var blindness: String? {
        if case .blind(let message) = outcome.ending { message } else { nil }
    }

    /// The transcript, one line a look.
    var looks: [String] { outcome.transcript.map { "\($0.call) → \($0.answer)" } }
}
