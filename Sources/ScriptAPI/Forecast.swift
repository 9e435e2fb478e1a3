import ScriptProtocol

/// What of a forecast a run holds: demand at a quantile, once it is sent or asked for.
struct Forecast {
    private var columns: [Column] = []
    /// By quantile, what the script has looked at.
    private var looks: [Double: Looks] = [:]

    private struct Looks {
        var fetches = 0
        /// Steps.
        var counted: Int64 = 0
    }

    /// Demand at one quantile: `values[i]` at `origin + (i + 1) × step`.
    private struct Column {
        let quantile: Double
        /// How far ahead was asked, ms.
        let reach: Int64
        let origin: Int64
        let step: Int64
        let values: [Double]

        init?(_ value: ScriptValue) {
            guard let quantile = value["quantile"]?.double, let reach = value["ahead_ms"]?.integer,
                let origin = value["origin"]?.integer, let step = value["step"]?.integer, step > 0,
                case .numbers(let values)? = value["values"]
            else { return nil }
            self.quantile = quantile
            self.reach = reach
            self.origin = origin
            self.step = step
            self.values = values
        }
    }

    /// - Parameter columns: the input's `forecast.columns`, a list; nil where nothing is known yet.
    init(columns: ScriptValue?) {
        self.columns = (columns?.items ?? []).compactMap(Column.init)
    }

    enum Question {
        /// Demand `ahead` ms from now.
        case at
        /// The largest demand from now to `ahead`: of the steps' own quantiles the largest, a lower bound of the quantile of the peak.
        case peak
    }

    /// Answers in the fleet's demand unit.
    mutating func answer(
        _ question: Question,
        _ ahead: Int64,
        _ quantile: Double,
        now: Int64,
        ask: AskHost,
        budget: inout LookBudget
    ) throws(APIError) -> Double {
        let column = try column(ahead, quantile, ask: ask, budget: &budget)
        let last = try index(ahead, column, now: now)
        guard question == .peak else { return column.values[last] }
        let first = min(last, max(0, Int(clamping: (now - column.origin) / column.step)))
        return column.values[first...last].max() ?? .nan
    }

    private mutating func column(
        _ ahead: Int64,
        _ quantile: Double,
        ask: AskHost,
        budget: inout LookBudget
    ) throws(APIError) -> Column {
        guard looks[quantile] != nil || looks.count < LookLimits.quantiles else {
            throw .wrong("ctx.forecast: a run may look at \(LookLimits.quantiles) quantiles, no more")
        }
        var look = looks[quantile, default: Looks()]
        defer { looks[quantile] = look }
        let known = columns.first { $0.quantile == quantile }
        var column = known
        if known.map({ $0.reach < ahead }) ?? true {
            let reach = LookBudget.reach(ahead, after: known?.reach ?? 0, fetches: look.fetches)
            look.fetches += 1
            column = try Self.fetch(reach, quantile, ask: ask)
        }
        guard let column else { throw .blind("there is no forecast yet") }
        columns.removeAll { $0.quantile == quantile }
        columns.append(column)
        let steps = LookBudget.steps(in: ahead, of: column.step)
        try budget.take(steps, counted: &look.counted, what: "ctx.forecast")
        return column
    }

    private static func fetch(_ ahead: Int64, _ quantile: Double, ask: AskHost) throws(APIError) -> Column {
        let answer = try ask(
            HostCall(
                name: "forecast",
                arguments: .sortedTable([("ahead_ms", .integer(ahead)), ("quantile", .number(quantile))])
            )
        )
        guard let column = Column(answer), !column.values.isEmpty, column.values.allSatisfy(\.isFinite) else {
            throw .blind("there is no forecast yet")
        }
        return column
    }

    private func index(_ ahead: Int64, _ column: Column, now: Int64) throws(APIError) -> Int {
        let past = max(0, now - column.origin)
        let steps = (past + ahead + column.step - 1) / column.step
        let index = Int(clamping: max(1, steps) - 1)
        guard index < column.values.count else {
            let reach = Int64(column.values.count) * column.step - past
            // What lies up to one step beyond is the last step's: the forecast was made a moment ago.
            if index == column.values.count, past > 0 { return column.values.count - 1 }
            throw .wrong(
                "the forecast reaches \(Text.duration(max(0, reach))) ahead; asked for \(Text.duration(ahead))"
            )
        }
        return index
    }
}
