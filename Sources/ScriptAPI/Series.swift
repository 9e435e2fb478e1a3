import Kernels
import ScriptProtocol

/// A KPI's samples on a regular grid, as the host sent them, and what a script may ask of them.
struct Series {
    /// What it is called in the transcript: `kpi("queue_length", { agg = "max" })`.
    let name: String
    let status: String
    /// Of the first value, ms since 1970.
    let start: Int64
    /// Ms between values.
    let step: Int64
    /// NaN = gap.
    let values: [Double]

    static let statuses = ["ok", "idle", "missing", "stale", "nan", "source_down"]

    /// Nil where the host's answer is no series.
    init?(name: String, answer: ScriptValue) {
        guard let status = answer["status"]?.string, Self.statuses.contains(status) else { return nil }
        self.name = name
        self.status = status
        start = answer["start"]?.integer ?? 0
        step = Swift.max(1, answer["step"]?.integer ?? 1)
        if case .numbers(let values)? = answer["values"] { self.values = values } else { values = [] }
    }

    /// The values of the last `window` ms up to now: as many steps as begin in it, at least one. Nothing of it may be later than now.
    private func window(_ window: Int64, now: Int64) -> Range<Int> {
        let (sinceStart, overflow) = now.subtractingReportingOverflow(start)
        guard !overflow, sinceStart >= 0 else { return 0..<0 }
        let end = Swift.min(sinceStart / step, Int64(Int32.max)) + 1
        let steps = (window + step - 1) / step
        let first = Swift.max(0, end - steps)
        let count = Int64(values.count)
        return Int(Swift.min(first, count))..<Int(Swift.min(end, count))
    }

    /// The error that asking a value raises where there is none.
    private func blind(_ what: String) -> APIError {
        status == "ok"
            ? .blind("\(name) has no value \(what)")
            : .blind("\(name) has no value: \(status)")
    }

    /// Answers `method`, in the KPI's unit; `slope` and `rate` per second, `age` in seconds.
    ///
    /// - Throws: `.blind` where the window holds no value, `.raised` for a method that there is not.
    func answer(_ method: Method, now: Int64) throws(APIError) -> Double {
        if case .count(let span) = method {
            let range = window(span, now: now)
            return Double(Reduce.count(values.span.extracting(range)))
        }
        guard status == "ok" else { throw blind("") }
        let result: Double
        switch method {
        case .last:
            let range = window(SeriesKey.firstReach, now: now)
            result = values[range].last { !$0.isNaN } ?? .nan
        case .age:
            let range = window(SeriesKey.firstReach, now: now)
            result = values[range].lastIndex { !$0.isNaN }.map { Double(now - start - Int64($0) * step) / 1000 } ?? .nan
        case .mean(let span): result = Reduce.mean(values.span.extracting(window(span, now: now)))
        case .min(let span): result = Reduce.min(values.span.extracting(window(span, now: now)))
        case .max(let span): result = Reduce.max(values.span.extracting(window(span, now: now)))
        case .quantile(let level, let span):
            result = Quantiles.quantile(values.span.extracting(window(span, now: now)), level)
        case .slope(let span):
            let range = window(span, now: now)
            let times = range.map { Int64($0) * step }
            result = Reduce.slopePerSecond(values.span.extracting(range), at: times.span)
        case .rate(let span): result = increasePerSecond(window(span, now: now))
        case .count: result = .nan
        }
        guard result.isFinite else { throw blind("in the last \(method.window)") }
        return result
    }

    /// How fast a counter rises: the sum of its steps up over the time between its first and last value; a step down is a restart
    /// from 0, as Prometheus reads it. NaN with fewer than two values.
    private func increasePerSecond(_ range: Range<Int>) -> Double {
        var first: Int?
        var last = 0
        var total = 0.0
        for i in range where !values[i].isNaN {
            if first == nil {
                first = i
            } else {
                total += values[i] >= values[last] ? values[i] - values[last] : values[i]
            }
            last = i
        }
        guard let first, last > first else { return .nan }
        return total / (Double(last - first) * Double(step) / 1000)
    }
}

extension Series {
    /// A question to a series, its arguments checked.
    enum Method {
        case last
        case age
        case mean(Int64)
        case min(Int64)
        case max(Int64)
        case quantile(Double, Int64)
        case slope(Int64)
        case rate(Int64)
        case count(Int64)

        /// How far back it looks, in ms.
        ///
        /// `last` and `age` look back as far as a series is fetched when it is opened, also where more was sent along: what a run
        /// read before must not change what it sees now.
        var reach: Int64 {
            switch self {
            case .last, .age: SeriesKey.firstReach
            case .mean(let span), .min(let span), .max(let span), .quantile(_, let span), .slope(let span),
                .rate(let span),
                .count(let span):
                span
            }
        }

        /// The window in words.
        var window: String { Text.duration(reach) }

        static let names = ["last", "mean", "min", "max", "p", "slope", "rate", "count", "age"]

        /// - Throws: an error that says what the method expects.
        init(_ name: String, _ arguments: [ScriptValue]) throws(APIError) {
            let arguments = Arguments(":\(name)", arguments)
            switch name {
            case "last", "age":
                try arguments.atMost(0)
                self = name == "last" ? .last : .age
            case "p":
                let level = try arguments.quantile(0)
                self = .quantile(level, try arguments.duration(1, named: "window"))
                try arguments.atMost(2)
            default:
                let span = try arguments.duration(0, named: "window")
                try arguments.atMost(1)
                switch name {
                case "mean": self = .mean(span)
                case "min": self = .min(span)
                case "max": self = .max(span)
                case "slope": self = .slope(span)
                case "rate": self = .rate(span)
                case "count": self = .count(span)
                default: throw .wrong("a series has no method \(name); known: \(Self.names.joined(separator: ", "))")
                }
            }
        }
    }
}
