import Decision
import Domain
import ScriptProtocol

/// What a policy looked at in its last runs, and so what is sent along with the next one.
///
/// A look that is not sent along costs a round trip between worker and host. One that is no longer made is dropped after a few runs,
/// so that a policy with two branches does not ask anew each time it changes between them.
struct ReadSet: Sendable {
    private var entries: [Entry] = []
    private var run = 0

    private struct Entry {
        var query: Query
        var lastRead: Int
    }

    enum Query: Hashable, Sendable {
        case series(SeriesQuery)
        case forecast(ForecastQuery)
    }

    static let runsKept = 16
    /// As many as one run may look at.
    static let most = LookLimits.series + LookLimits.quantiles

    /// To be sent along, in the order in which they were first read.
    var series: [SeriesQuery] {
        entries.compactMap { if case .series(let query) = $0.query { query } else { nil } }
    }

    var forecast: [ForecastQuery] {
        entries.compactMap { if case .forecast(let query) = $0.query { query } else { nil } }
    }

    /// KPIs that were read last time; a new sample of one of them marks the fleet.
    var kpis: [String] { Array(Set(series.map(\.kpi))).sorted() }

    /// Takes up what a run asked for, and forgets what the last runs did not look at.
    ///
    /// - Parameters:
    ///   - fetched: what was not sent along.
    ///   - calls: all that the run made, as they are written.
    mutating func finish(fetched: [Query], calls: [String]) {
        run += 1
        for query in fetched { add(query) }
        for i in entries.indices {
            let call = entries[i].query.call
            if calls.contains(where: { $0.hasPrefix(call) }) { entries[i].lastRead = run }
        }
        entries.removeAll { run - $0.lastRead >= Self.runsKept }
    }

    private mutating func add(_ query: Query) {
        for i in entries.indices {
            guard let wider = entries[i].query.covering(query) else { continue }
            entries[i] = Entry(query: wider, lastRead: run)
            return
        }
        if entries.count < Self.most { entries.append(Entry(query: query, lastRead: run)) }
    }
}

extension ReadSet.Query {
    /// The query that answers this one and `other`; nil where they are about different things.
    fileprivate func covering(_ other: ReadSet.Query) -> ReadSet.Query? {
        switch (self, other) {
        case (.series(var a), .series(let b)):
            let window = max(a.window, b.window)
            a.window = b.window
            guard a == b else { return nil }
            a.window = window
            return .series(a)
        case (.forecast(let a), .forecast(let b)) where a.quantile == b.quantile:
            return .forecast(ForecastQuery(ahead: max(a.ahead, b.ahead), quantile: a.quantile))
        default:
            return nil
        }
    }

    /// How the worker's transcript begins a look at it.
    fileprivate var call: String {
        switch self {
        case .forecast: return "forecast:"
        case .series(let query):
            if query.isDemand { return "demand" }
            // The options that follow are not compared: reading one aggregate keeps the others of the same KPI for a while.
            return "kpi(\"\(query.kpi)\""
        }
    }
}
