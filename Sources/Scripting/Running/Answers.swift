import Decision
import Domain
import ScriptProtocol
import Synchronization

/// Answers a run's questions from its context, and notes what was asked.
final class Answers: Sendable {
    private let context: PolicyContext
    private let noted = Mutex<[ReadSet.Query]>([])
    /// What the answers took.
    private let spent = Mutex(Duration.zero)
    private let clock: any Clock<Duration>

    init(context: PolicyContext, clock: any Clock<Duration> = ContinuousClock()) {
        self.context = context
        self.clock = clock
    }

    /// What had to be fetched, in order.
    var fetched: [ReadSet.Query] { noted.withLock { $0 } }

    /// Whether there is time left to send along what the run may ask for; it keeps half of all for what it does ask.
    var mayRead: Bool { spent.withLock { $0 } < LookLimits.hostTime / 2 }

    func series(_ query: SeriesQuery) -> SeriesAnswer { timed(clock) { context.series(query) } }

    func forecast(_ query: ForecastQuery) -> ForecastAnswer? { timed(clock) { context.forecast(query) } }

    /// A worker's question, which may be anything.
    func answer(_ call: HostCall) -> HostAnswer {
        guard spent.withLock({ $0 }) < LookLimits.hostTime else {
            return .failure(
                "the host has spent \(LookLimits.hostTime) on what this run looks at, and answers no more: look less far, or at less"
            )
        }
        return found(call)
    }

    private func timed<Answer>(_ clock: some Clock<Duration>, _ find: () -> Answer) -> Answer {
        let start = clock.now
        defer { spent.withLock { $0 += start.duration(to: clock.now) } }
        return find()
    }

    private func found(_ call: HostCall) -> HostAnswer {
        switch call.name {
        case "series":
            guard let query = SeriesQuery(call.arguments) else { return Self.nonsense(call) }
            if let persona = query.persona, !context.fleet.personas.contains(persona) {
                return .failure(
                    "ctx.kpi: this fleet has no persona \"\(ProposalDecoding.clean(persona, longest: 63))\"; "
                        + "it has \(context.fleet.personas.joined(separator: ", "))"
                )
            }
            note(.series(query))
            return .value(PolicyInput.describe(query, series(query)))
        case "forecast":
            guard let query = ForecastQuery(call.arguments) else { return Self.nonsense(call) }
            note(.forecast(query))
            return .value(forecast(query).map { PolicyInput.describe(query, $0) } ?? .null)
        default:
            return Self.nonsense(call)
        }
    }

    private func note(_ query: ReadSet.Query) {
        noted.withLock { noted in
            if noted.count < 2 * ReadSet.most { noted.append(query) }
        }
    }

    private static func nonsense(_ call: HostCall) -> HostAnswer {
        .failure("the host does not know the call \(ProposalDecoding.clean(call.name, longest: 40))")
    }
}

extension SeriesQuery {
    init?(_ arguments: ScriptValue) {
        guard case .string(let kpi)? = arguments["kpi"], case .string(let aggregate)? = arguments["agg"],
            case .integer(let window)? = arguments["window_ms"],
            (1...TimeSpan.days(3650).milliseconds).contains(window),
            kpi.utf8.count <= LookLimits.nameBytes, Self.isAggregate(aggregate)
        else { return nil }
        self.init(kpi: kpi, aggregate: aggregate, window: TimeSpan(milliseconds: window))
        isDemand = arguments["demand"] == .bool(true)
        if case .string(let persona)? = arguments["persona"] { self.persona = persona }
        if case .string(let resource)? = arguments["resource"] {
            guard resource.utf8.count <= LookLimits.nameBytes else { return nil }
            self.resource = resource
        }
    }
}

extension SeriesQuery {
    /// `mean`, `sum`, `max`, `min`, `p1` … `p99`.
    private static func isAggregate(_ word: String) -> Bool {
        if ["mean", "sum", "max", "min"].contains(word) { return true }
        return word.hasPrefix("p") && word.utf8.count <= 3
            && Int(word.dropFirst()).map { (1...99).contains($0) } ?? false
    }
}

extension ForecastQuery {
    init?(_ arguments: ScriptValue) {
        guard case .integer(let ahead)? = arguments["ahead_ms"], (1...TimeSpan.days(3650).milliseconds).contains(ahead),
            let quantile = arguments["quantile"]?.asNumber, quantile > 0, quantile < 1
        else { return nil }
        self.init(ahead: TimeSpan(milliseconds: ahead), quantile: quantile)
    }
}
