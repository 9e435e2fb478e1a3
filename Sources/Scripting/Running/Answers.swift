import Decision
import Domain
import ScriptProtocol
import Synchronization

/// Answers a run's questions from its context, and notes what was asked.
final class Answers: Sendable {
    private let context: PolicyContext
    private let noted = Mutex(Noted())

    private struct Noted {
        var fetched: [ReadSet.Query] = []
        var statuses: Set<SeriesAnswer.Status> = []
        var lacksForecast = false
    }

    init(context: PolicyContext) {
        self.context = context
    }

    /// What had to be fetched, in order.
    var fetched: [ReadSet.Query] { noted.withLock(\.fetched) }

    /// Something was not there, and whatever was not there was idle.
    var sawOnlyIdleGaps: Bool {
        noted.withLock { $0.statuses.contains(.idle) && $0.statuses.isSubset(of: [.idle, .ok]) && !$0.lacksForecast }
    }

    func series(_ query: SeriesQuery) -> SeriesAnswer {
        let answer = context.series(query)
        noted.withLock { _ = $0.statuses.insert(answer.status) }
        return answer
    }

    func forecast(_ query: ForecastQuery) -> ForecastAnswer? {
        let answer = context.forecast(query)
        if answer == nil { noted.withLock { $0.lacksForecast = true } }
        return answer
    }

    /// A worker's question, which may be anything.
    func answer(_ call: HostCall) -> HostAnswer {
        switch call.name {
        case "series":
            guard let query = SeriesQuery(call.arguments) else { return Self.nonsense(call) }
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
            if noted.fetched.count < 2 * ReadSet.most { noted.fetched.append(query) }
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
            kpi.utf8.count <= 200
        else { return nil }
        self.init(kpi: kpi, aggregate: aggregate, window: TimeSpan(milliseconds: window))
        isDemand = arguments["demand"] == .bool(true)
        if case .string(let persona)? = arguments["persona"] { self.persona = persona }
        if case .string(let resource)? = arguments["resource"] { self.resource = resource }
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
