import Decision
import Domain
import ScriptProtocol

/// The input table of a policy run, as the worker's script API reads it.
///
/// What does not change between runs of a fleet (the fleet itself, its personas) is put into words once.
struct PolicyInput: Sendable {
    private let fleet: ScriptValue.Field
    private let personas: ScriptValue.Field
    /// The two, encoded; none where they cannot be, as the sending of a run will say.
    private let ready: [EncodedValue.Field]
    private let clock: FleetClock
    let source: Fleet
    let sourcePersonas: [Persona]

    init(fleet: Fleet, personas: [Persona]) {
        source = fleet
        sourcePersonas = personas
        clock = FleetClock(zone: Zone(fleet.timezone) ?? .utc)
        let facts = Self.describe(fleet)
        let listed = ScriptValue.list(
            fleet.personas.compactMap { name in personas.first { $0.name == name }.map { Self.describe($0, in: fleet) }
            }
        )
        self.fleet = .init("fleet", facts)
        self.personas = .init("personas", listed)
        ready = (try? [.init("fleet", facts), .init("personas", listed)]) ?? []
    }

    /// What of the input is encoded before a run: of the personas, what they declare, not what they were seen to serve.
    func ready(_ context: PolicyContext) -> [EncodedValue.Field] {
        context.served.isEmpty ? ready : ready.filter { $0.key != personas.key }
    }

    /// Everything of a run but what is `ready`, and what its entry adds (`proposals`, `shortfall`).
    func table(
        context: PolicyContext,
        state: ScriptValue,
        series: [(SeriesQuery, SeriesAnswer)],
        forecast: [(ForecastQuery, ForecastAnswer)],
        extra: [ScriptValue.Field] = []
    ) -> ScriptValue {
        var fields: [ScriptValue.Field] = [
            .init("capacity", Self.describe(context.capacity, personas: source.personas)),
            .init("now", clock.table(at: context.now)),
            .init("seed", .integer(Int64(bitPattern: context.seed))),
            .init("state", state),
        ]
        let ready = ready(context)
        let fixed = [fleet, context.served.isEmpty ? personas : personas(serving: context.served)]
        fields += fixed.filter { field in !ready.contains { $0.key == field.key } }
        if let outlook = context.outlook {
            let columns = forecast.map { Self.describe($0, $1) }
            fields.append(
                .init(
                    "forecast",
                    .sorted([
                        .init("columns", .list(columns)), .init("model", .string(outlook.model)),
                        .init("trust", .number(outlook.trust)),
                    ])
                )
            )
        }
        if !context.specialDays.isEmpty {
            let days = context.specialDays.map {
                ScriptValue.sorted([.init("date", .string($0.date)), .init("name", .string($0.name))])
            }
            fields.append(.init("calendar", .list(days)))
        }
        if !series.isEmpty { fields.append(.init("series", .list(series.map { Self.describe($0, $1) }))) }
        return .sorted(fields + extra)
    }

    private func personas(serving served: [String: Double]) -> ScriptValue.Field {
        let personas = source.personas.compactMap { name in
            sourcePersonas.first { $0.name == name }.map { Self.describe($0, in: source, capacity: served[name]) }
        }
        return ScriptValue.Field("personas", .list(personas))
    }

    // MARK: Parts

    static func describe(_ query: SeriesQuery, _ answer: SeriesAnswer) -> ScriptValue {
        var fields: [ScriptValue.Field] = [
            .init("agg", .string(query.aggregate)), .init("kpi", .string(query.kpi)),
            .init("start", .integer(answer.start.milliseconds)), .init("status", .string(answer.status.rawValue)),
            .init("step", .integer(answer.step.milliseconds)), .init("values", .numbers(answer.values)),
            .init("window_ms", .integer(query.window.milliseconds)),
        ]
        if query.isDemand { fields.append(.init("demand", .bool(true))) }
        if let persona = query.persona { fields.append(.init("persona", .string(persona))) }
        if let resource = query.resource { fields.append(.init("resource", .string(resource))) }
        return .sorted(fields)
    }

    static func describe(_ query: ForecastQuery, _ answer: ForecastAnswer) -> ScriptValue {
        .sorted([
            .init("ahead_ms", .integer(query.ahead.milliseconds)),
            .init("origin", .integer(answer.origin.milliseconds)),
            .init("quantile", .number(query.quantile)), .init("step", .integer(answer.step.milliseconds)),
            .init("values", .numbers(answer.values)),
        ])
    }

    private static func describe(_ fleet: Fleet) -> ScriptValue {
        var limits: [ScriptValue.Field] = [.init("min", .integer(Int64(fleet.limits.min)))]
        if let max = fleet.limits.max { limits.append(.init("max", .integer(Int64(max)))) }
        if let cost = fleet.limits.costPerHour { limits.append(.init("cost_per_hour", .number(cost))) }
        return .sorted([
            .init("demand", .string(fleet.demand.kpi)), .init("driver", .string(fleet.driver)),
            .init("headroom", .number(fleet.headroom)), .init("limits", .sorted(limits)),
            .init("mode", .string(fleet.mode.rawValue)), .init("name", .string(fleet.name)),
            .init("personas", .list(fleet.personas.map { .string($0) })),
            .init("prediction", .string(fleet.prediction.rawValue)), .init("timezone", .string(fleet.timezone)),
            .init("trust", .number(fleet.trust)),
        ])
    }

    /// - Parameter served: what its resources serve, where that is other than what it declares.
    private static func describe(_ persona: Persona, in fleet: Fleet, capacity served: Double? = nil) -> ScriptValue {
        var allocation: [ScriptValue.Field] = []
        if let cpu = persona.allocation.cpu { allocation.append(.init("cpu", .number(cpu))) }
        if let bytes = persona.allocation.memoryBytes { allocation.append(.init("memory_bytes", .integer(bytes))) }
        if let bits = persona.allocation.bandwidthBitsPerSecond {
            allocation.append(.init("bandwidth_bps", .number(bits)))
        }
        let objectives = persona.kpis.compactMap { kpi in
            kpi.objective.map {
                ScriptValue.Field(
                    kpi.kpi,
                    .sorted([.init("comparison", .string($0.comparison.rawValue)), .init("value", .number($0.value))])
                )
            }
        }
        var fields: [ScriptValue.Field] = [
            .init("allocation", .sorted(allocation)),
            .init(
                "cost",
                .sorted([
                    .init("per_hour", .number(persona.cost.perHour)),
                    .init("shortfall", .number(persona.cost.shortfall)),
                ])
            ),
            .init("name", .string(persona.name)), .init("objectives", .sorted(objectives)),
            .init("startup_s", .number(persona.startup.seconds)),
        ]
        if let capacity = served ?? persona.serves(fleet.demand) { fields.append(.init("capacity", .number(capacity))) }
        return .sorted(fields)
    }

    /// Counts by state, over all and per persona; personas of the fleet are there also where they have no resource.
    private static func describe(_ groups: [ResourceGroup], personas: [String]) -> ScriptValue {
        func counts(_ groups: [ResourceGroup]) -> [ScriptValue.Field] {
            func total(_ state: ResourceState) -> ScriptValue {
                .integer(Int64(groups.lazy.filter { $0.state == state }.reduce(0) { $0 + $1.count }))
            }
            return [
                .init("draining", total(.draining)), .init("ready", total(.ready)), .init("starting", total(.starting)),
            ]
        }
        let names = personas + groups.map(\.persona).filter { !personas.contains($0) }
        var seen: Set<String> = []
        let each = names.filter { seen.insert($0).inserted }
            .map { name in
                ScriptValue.Field(name, .table(counts(groups.filter { $0.persona == name })))
            }
        return .sorted(counts(groups) + [.init("personas", .sorted(each))])
    }
}

extension Persona {
    /// Demand that one ready resource serves, in the unit of `demand`; nil where the persona does not say.
    func serves(_ demand: DemandSource) -> Double? {
        switch demand {
        case .kpi(let name): capacity.first { $0.kpi == name }?.amount
        case .utilization(_, let target): allocation.cpu.map { $0 * target }
        }
    }
}

extension ScriptValue {
    /// A table as the protocol wants it: sorted by key, bytewise.
    static func sorted(_ fields: [Field]) -> ScriptValue {
        .table(fields.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }

    subscript(_ key: String) -> ScriptValue? {
        guard case .table(let fields) = self else { return nil }
        return fields.first { $0.key == key }?.value
    }
}
