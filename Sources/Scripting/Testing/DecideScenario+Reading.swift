import Domain
import ScriptProtocol

extension DecideScenario {
    /// Reads the table of `t.decide`.
    init(_ value: ScriptValue) throws(PolicyTestProblem) {
        let reader = try ScenarioReader(
            value,
            known: ["capacity", "demand", "fleet", "forecast", "kpis", "lead", "now", "policy", "state"]
        )
        fleet = try reader.required("fleet", "name the fleet, fleet = \"storefront\"")
        policy = try reader.string("policy")
        now = try reader.local("now") ?? .mondayNoon
        capacity = try reader["capacity"].map { value throws(PolicyTestProblem) in try Self.capacity(value) }
        demand = try reader["demand"].map { value throws(PolicyTestProblem) in try KPIScenario(value, name: "demand") }
        kpis = []
        if let value = reader["kpis"] {
            guard case .table(let fields) = value else {
                throw reader.mismatch("kpis", value, expected: "a table such as { queue_length = 12 }")
            }
            for field in fields {
                kpis.append(
                    NamedKPIScenario(kpi: field.key, scenario: try KPIScenario(field.value, name: "kpis.\(field.key)"))
                )
            }
        }
        forecast = try reader["forecast"].map { value throws(PolicyTestProblem) in try Self.forecast(value) }
        state = reader["state"] ?? .null
        lead = try reader.span("lead")
    }

    private static let counts = ["draining", "ready", "starting"]

    private static func capacity(_ value: ScriptValue) throws(PolicyTestProblem) -> [CapacityEntry] {
        guard case .table(let fields) = value else {
            throw PolicyTestProblem("capacity is \(value.inWords); expected a table such as { ready = 4 }")
        }
        if fields.contains(where: { counts.contains($0.key) }) {
            return [try entry(value, persona: nil, path: "capacity")]
        }
        var entries: [CapacityEntry] = []
        for field in fields {
            if case .table = field.value {
                entries.append(try entry(field.value, persona: field.key, path: "capacity[\"\(field.key)\"]"))
            } else {
                // Neither a count nor a persona: most likely a count with a slip in it.
                _ = try ScenarioReader(value, path: "capacity", known: counts)
            }
        }
        return entries
    }

    private static func entry(
        _ value: ScriptValue,
        persona: String?,
        path: String
    ) throws(PolicyTestProblem) -> CapacityEntry {
        let reader = try ScenarioReader(value, path: path, known: counts)
        return CapacityEntry(
            persona: persona,
            ready: try reader.count("ready") ?? 0,
            starting: try reader.count("starting") ?? 0,
            draining: try reader.count("draining") ?? 0
        )
    }

    private static func forecast(_ value: ScriptValue) throws(PolicyTestProblem) -> ForecastScenario {
        switch value {
        case .string("missing"): return .none
        case .integer, .number, .list, .numbers:
            return .known(values: try numbers(value, name: "forecast"), trust: 1, model: "given")
        default: break
        }
        let reader = try ScenarioReader(value, path: "forecast", known: ["model", "trust", "values"])
        return .known(
            values: try reader["values"]
                .map { value throws(PolicyTestProblem) in try numbers(value, name: "forecast.values") },
            trust: try reader.number("trust", in: 0...1) ?? 1,
            model: try reader.string("model") ?? "given"
        )
    }

    /// A number, or a list of at least one.
    fileprivate static func numbers(_ value: ScriptValue, name: String) throws(PolicyTestProblem) -> [Double] {
        let numbers: [Double?] =
            switch value {
            case .numbers(let numbers): numbers
            case .list(let items): items.map(\.asNumber)
            default: [value.asNumber]
            }
        let known = numbers.compactMap(\.self).filter { $0 >= 0 }
        guard known.count == numbers.count, !known.isEmpty else {
            throw PolicyTestProblem("\(name) is \(value.inWords); expected a number, 0 or above, or a list of those")
        }
        return known
    }
}

extension KPIScenario {
    /// A number, a list, or the word for what is not there.
    init(_ value: ScriptValue, name: String) throws(PolicyTestProblem) {
        switch value {
        case .string(let word):
            guard let status = SeriesAnswer.Status(rawValue: word), status != .ok else {
                throw PolicyTestProblem(
                    "\(name) is \"\(word)\"; expected a number, a list, or t.missing, t.stale, t.idle, t.nan, t.source_down"
                )
            }
            self = .none(status)
        case .numbers(let numbers) where !numbers.isEmpty:
            self = .values(numbers)
        case .list(let items) where !items.isEmpty:
            var values: [Double] = []
            for item in items {
                if item == .string("missing") || item == .string("nan") {
                    values.append(.nan)
                } else if let number = item.asNumber {
                    values.append(number)
                } else {
                    throw PolicyTestProblem("\(name) holds \(item.inWords); expected numbers, and t.missing for a gap")
                }
            }
            self = .values(values)
        default:
            guard let number = value.asNumber else {
                throw PolicyTestProblem(
                    "\(name) is \(value.inWords); expected a number, a list, or t.missing, t.stale, t.idle, t.nan, t.source_down"
                )
            }
            self = .values([number])
        }
    }
}

extension SimulateScenario {
    /// Reads the table of `t.simulate`.
    init(_ value: ScriptValue, seed: UInt64) throws(PolicyTestProblem) {
        let reader = try ScenarioReader(
            value,
            known: ["duration", "fleet", "history", "lead", "load", "now", "policy", "ready"]
        )
        fleet = try reader.required("fleet", "name the fleet, fleet = \"storefront\"")
        policy = try reader.string("policy")
        guard let load = reader["load"] else {
            throw PolicyTestProblem("load is missing; give one, such as load = t.any_load() or load = { level = 400 }")
        }
        self.load = try LoadScenario(load)
        duration = try reader.span("duration") ?? .days(1)
        history = try reader.span("history") ?? .days(7)
        for (name, span) in [("duration", duration), ("history", history)] where span > .days(366) {
            throw PolicyTestProblem("\(name) is \(span); expected at most 366d")
        }
        now = try reader.local("now") ?? .mondayMidnight
        ready = try reader.count("ready")
        lead = try reader.span("lead")
        self.seed = seed
    }
}

extension LoadScenario {
    /// Reads a load, given or drawn.
    init(_ value: ScriptValue) throws(PolicyTestProblem) {
        if let number = value.asNumber {
            self = try LoadScenario(.table([.init("level", .number(number))]))
            return
        }
        let reader = try ScenarioReader(
            value,
            path: "load",
            known: ["daily", "growth", "level", "noise", "outage", "seed", "spike", "weekly"]
        )
        guard let level = try reader.number("level", in: 0...1e12) else {
            throw PolicyTestProblem("load.level is missing; give the mean demand, such as level = 400")
        }
        self.level = level
        daily = try reader.number("daily", in: 0...1) ?? 0
        weekly = try reader.number("weekly", in: 0...1) ?? 0
        growth = try reader.number("growth", in: -0.5...0.5) ?? 0
        noise = try reader.number("noise", in: 0...1) ?? 0
        spike = nil
        outage = nil
        seed = 1
        if let value = reader["spike"] {
            let spike = try ScenarioReader(value, path: "load.spike", known: ["at", "factor", "lasts"])
            self.spike = Spike(
                at: try spike.span("at") ?? .hours(1),
                factor: try spike.number("factor", in: 0...1000) ?? 4,
                lasts: try spike.span("lasts") ?? .minutes(20)
            )
        }
        if let value = reader["outage"] {
            let outage = try ScenarioReader(value, path: "load.outage", known: ["at", "lasts"])
            self.outage = Outage(
                at: try outage.span("at") ?? .hours(1),
                lasts: try outage.span("lasts") ?? .minutes(10)
            )
        }
        if let value = reader["seed"] {
            guard case .integer(let seed) = value else {
                throw reader.mismatch("seed", value, expected: "a whole number")
            }
            self.seed = UInt64(bitPattern: seed)
        }
    }
}

extension LocalTime {
    fileprivate static let mondayMidnight = LocalTime(millisecondsAsUTC: 1_772_409_600_000)
    fileprivate static let mondayNoon = LocalTime(millisecondsAsUTC: 1_772_452_800_000)
}
