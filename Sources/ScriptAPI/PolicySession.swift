import ScriptProtocol

/// What one run of a policy sees of the world, and what it has looked at.
///
/// It answers the calls behind `ctx`: what was sent along is answered from the input, what is missing is asked of the host once.
/// Every look is a line of the transcript.
final class PolicySession {
    private let input: EncodedValue
    private let ask: AskHost
    // Most runs look at some of this, and few at all of it.
    private lazy var now = input["now"]?["epoch_ms"]?.decoded.integer ?? 0
    private lazy var series = sentSeries()
    /// Of what the script has looked at, in that order: the places in `series`.
    private var handles: [Int] = []
    private var budget = LookBudget()
    private lazy var forecast = Forecast(columns: input["forecast"]?["columns"]?.decoded)
    private(set) lazy var personas = (input["personas"]?.items ?? []).compactMap(PersonaFacts.init)
    private(set) var transcript: [TranscriptEntry] = []

    /// A series, sent along or fetched.
    private struct Slot {
        let key: SeriesKey
        /// nil where the script has not looked at it.
        var handle: Int?
        /// How far back it is known, ms.
        var reach: Int64
        var series: Series?
        var fetches = 0
        /// Steps that the script has looked at.
        var counted: Int64 = 0
    }

    static let mostTranscript = 2000

    /// - Parameters:
    ///   - input: what `PolicyInput` of the host describes.
    ///   - ask: answers what was not sent along.
    init(input: EncodedValue, ask: @escaping AskHost) {
        self.input = input
        self.ask = ask
    }

    private func sentSeries() -> [Slot] {
        (input["series"]?.decoded.items ?? [])
            .compactMap { sent in
                guard let key = SeriesKey(sent) else { return nil }
                let series = Series(name: key.call, answer: sent)
                return Slot(key: key, reach: sent["window_ms"]?.integer ?? 0, series: series)
            }
    }

    // MARK: The calls behind `ctx`

    /// `ctx.kpi(name, { persona =, resource =, agg = })` → handle and status.
    func kpi(_ values: [ScriptValue]) throws(APIError) -> (handle: Int64, status: String) {
        try open(SeriesKey(arguments: Arguments("ctx.kpi", values)))
    }

    /// `ctx.demand` → handle and status.
    func demand() throws(APIError) -> (handle: Int64, status: String) {
        guard let name = input["fleet"]?["demand"]?.decoded.string else { throw .wrong("this fleet has no demand KPI") }
        return try open(.demand(name))
    }

    private func open(_ key: SeriesKey) throws(APIError) -> (handle: Int64, status: String) {
        let place = series.firstIndex { $0.key == key } ?? series.count
        if place == series.count || series[place].handle == nil {
            guard handles.count < LookLimits.series else {
                throw .wrong("a run may look at \(LookLimits.series) series, no more")
            }
            var slot = place < series.count ? series[place] : Slot(key: key, reach: 0)
            if slot.series == nil { slot = try fetched(slot, reach: SeriesKey.firstReach) }
            slot.handle = handles.count
            handles.append(place)
            series.replaceSubrange(place..<min(place + 1, series.count), with: [slot])
        }
        try look(place, reach: SeriesKey.firstReach)
        guard let handle = series[place].handle, let opened = series[place].series else {
            throw .wrong("\(key.call): the host's answer is no series")
        }
        record(opened.name, .string(opened.status))
        return (Int64(handle), opened.status)
    }

    private func look(_ place: Int, reach: Int64) throws(APIError) {
        guard let opened = series[place].series else { return }
        let steps = LookBudget.steps(in: reach, of: opened.step)
        try budget.take(steps, counted: &series[place].counted, what: opened.name)
    }

    private func fetched(_ slot: Slot, reach: Int64) throws(APIError) -> Slot {
        let reach = LookBudget.reach(reach, after: slot.reach, fetches: slot.fetches)
        let answer = try ask(HostCall(name: "series", arguments: slot.key.query(reach: reach)))
        guard let fetched = Series(name: slot.key.call, answer: answer) else {
            throw .wrong("\(slot.key.call): the host's answer is no series")
        }
        var slot = slot
        // As long as series get: there is no more of it.
        slot.reach = LookBudget.steps(in: reach, of: fetched.step) < LookLimits.steps ? reach : .max
        slot.series = fetched
        slot.fetches += 1
        return slot
    }

    /// `series:mean("5m")` and its like.
    func ask(handle: Int64?, method name: String, _ values: [ScriptValue]) throws(APIError) -> ScriptValue {
        guard let handle, handle >= 0, handle < handles.count else {
            throw .wrong("\(name) is a method of a series: call it with a colon, series:\(name)(…)")
        }
        let place = handles[Int(handle)]
        let method = try Series.Method(name, values)
        try look(place, reach: method.reach)
        if method.reach > series[place].reach { series[place] = try fetched(series[place], reach: method.reach) }
        guard let opened = series[place].series else { throw .blind("\(series[place].key.call) has no value") }
        let call = "\(opened.name):\(name)(\(values.map(Text.value).joined(separator: ", ")))"
        do {
            let answer = ScriptValue.plain(try opened.answer(method, now: now))
            record(call, answer)
            return answer
        } catch {
            record(call, .string("blind: \(error.message)"))
            throw error
        }
    }

    /// `ctx.forecast:at(ahead, quantile)` and `:peak`.
    func forecast(_ name: String, _ values: [ScriptValue]) throws(APIError) -> ScriptValue {
        let arguments = Arguments("ctx.forecast:\(name)", values)
        let ahead = try arguments.duration(0, named: "ahead")
        let quantile = try arguments.quantile(1, default: 0.5)
        try arguments.atMost(2)
        let call = "forecast:\(name)(\"\(Text.duration(ahead))\", \(Text.number(quantile)))"
        do {
            let question = name == "peak" ? Forecast.Question.peak : .at
            let demand = try forecast.answer(question, ahead, quantile, now: now, ask: ask, budget: &budget)
            record(call, .plain(demand))
            return .plain(demand)
        } catch {
            record(call, .string("\(error.kind == .blind ? "blind: " : "")\(error.message)"))
            throw error
        }
    }

    /// `ctx.resources_for(demand [, persona])`: how many ready resources serve it within their objectives.
    func resourcesFor(_ values: [ScriptValue]) throws(APIError) -> ScriptValue {
        let arguments = Arguments("ctx.resources_for", values)
        guard let demand = arguments[0].double, demand.isFinite, demand >= 0 else {
            throw arguments.mismatch(0, named: "demand", expected: "a number, 0 or above")
        }
        var persona = personas.first
        if arguments[1] != .null {
            let name = try arguments.string(1, named: "persona", expected: "the name of a persona of this fleet")
            persona = personas.first { $0.name == name }
            guard persona != nil else {
                throw .wrong(
                    "ctx.resources_for: this fleet has no persona \(Text.quoted(name)); it has \(personas.map(\.name).joined(separator: ", "))"
                )
            }
        }
        try arguments.atMost(2)
        guard let persona else { throw .wrong("ctx.resources_for: this fleet has no personas") }
        guard let capacity = persona.capacity, capacity > 0 else {
            throw .wrong(
                "ctx.resources_for: persona \(Text.quoted(persona.name)) declares no capacity for this fleet's demand"
            )
        }
        // A hair below a whole number is that number: 0.1 + 0.2 must not cost a resource.
        let needed = min((demand / capacity - 1e-9).rounded(.up), Double(Arguments.most))
        let answer = ScriptValue.integer(Int64(max(0, needed)))
        let shown = [Text.number(demand)] + (arguments[1] == .null ? [] : [Text.quoted(persona.name)])
        record("resources_for(\(shown.joined(separator: ", ")))", answer)
        return answer
    }

    private func record(_ call: String, _ answer: ScriptValue) {
        if transcript.count < Self.mostTranscript {
            transcript.append(TranscriptEntry(call: call, answer: answer))
        } else if transcript.count == Self.mostTranscript {
            transcript.append(TranscriptEntry(call: "…", answer: .string("more looks than are kept")))
        }
    }
}

/// What a run knows of a persona for arithmetic.
struct PersonaFacts {
    let name: String
    let capacity: Double?

    init?(_ value: EncodedValue) {
        guard let name = value["name"]?.decoded.string else { return nil }
        self.name = name
        capacity = value["capacity"]?.decoded.double
    }
}

extension ScriptValue {
    /// Whole numbers as integers, so that scripts and transcripts show `4`, not `4.0`.
    static func plain(_ number: Double) -> ScriptValue {
        Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }
}
