import Domain
import ScriptProtocol

/// A fleet with the places of the names in it, so that what dangles can be reported where it is written.
struct FleetDraft: Sendable {
    let file: DefinitionFile
    var fleet: Fleet
    var personas: [PlacedName] = []
    var policies: [PlacedName] = []
    /// Lines of keys that the rules across files may find fault with.
    var minLine: Int
    var demandLine: Int
    /// KPIs that are measured without resources (`resource_label = false`).
    var standsAlone: Set<String> = []
    /// `demand` is there and right: only then can anything be said about it.
    var hasDemand: Bool
}

extension FleetDraft {
    /// Reads a fleet's table.
    ///
    /// What is wrong is reported and has its default, so that the rest can still be checked.
    ///
    /// - Parameter broken: drivers that are there, and whose own faults are reported already.
    init(
        _ value: ScriptValue,
        file: DefinitionFile,
        drivers: [DriverInterface],
        broken: Set<String> = [],
        findings: Findings
    ) {
        let reader = TableReader(value, in: file, findings: findings)
        let name = reader.definitionName("fleet")
        let driver = Self.readDriver(reader, drivers: drivers, broken: broken)
        let personas = Self.readPersonas(reader)
        let policies = reader.names("policies", of: "policy") ?? []
        let demand = Self.readDemand(reader)
        let zone = Self.readTimezone(reader)
        let defaults = Fleet(name: "", personas: [], demand: .kpi(""))

        var fleet = Fleet(
            name: name ?? file.stem,
            driver: driver?.name ?? "",
            personas: personas.map(\.name),
            policies: policies.map(\.name),
            demand: demand ?? .kpi(""),
            timezone: zone?.identifier ?? "UTC"
        )
        fleet.target = driver?.target ?? []
        fleet.grid = reader.quantity("grid", Quantities.gridStep) ?? defaults.grid
        fleet.interval = reader.quantity("interval", Quantities.interval) ?? defaults.interval
        fleet.prediction = reader.choice("prediction") ?? defaults.prediction
        fleet.trust = reader.quantity("trust", Quantities.share) ?? defaults.trust
        fleet.headroom = reader.quantity("headroom", Quantities.fraction) ?? defaults.headroom
        fleet.onBlind = reader.choice("on_blind") ?? defaults.onBlind
        fleet.mode = reader.choice("mode") ?? defaults.mode
        fleet.limits = Self.readLimits(reader) ?? defaults.limits
        fleet.freeze = Self.readFreeze(reader, zone: zone)
        self.init(
            file: file,
            fleet: fleet,
            personas: personas,
            policies: policies,
            minLine: file.map.line(of: LuaPath.root.key("limits").key("min")),
            demandLine: reader.line("demand"),
            hasDemand: demand != nil
        )
        readKPIs(reader)
        if fleet.interval > fleet.grid, reader.has("interval") {
            reader.error(
                "interval",
                "interval is longer than grid: a forecast step would pass without a decision; expected at most the grid"
            )
        }
        reader.end()
    }

    private static func readDriver(_ reader: TableReader, drivers: [DriverInterface], broken: Set<String>) -> (
        name: String, target: [Setting]
    )? {
        let target = reader.table("target")
        guard reader.has("driver") else {
            reader.missing("driver", "name the driver that runs this fleet, such as driver = \"simulated\"")
            return nil
        }
        guard let name = reader.string("driver") else { return nil }
        if broken.contains(name) { return nil }
        guard let driver = drivers.first(where: { $0.name == name }) else {
            let known = drivers.map(\.name).sorted()
            reader.error(
                "driver",
                "there is no driver \"\(name)\"; known: \(known.joined(separator: ", "))",
                nearest: name,
                of: known
            )
            return nil
        }
        return (name, Self.readTarget(target, of: driver, in: reader))
    }

    /// What the fleet tells its driver, as the driver's `config` describes it.
    private static func readTarget(_ target: TableReader?, of driver: DriverInterface, in reader: TableReader)
        -> [Setting]
    {
        var settings: [Setting] = []
        for key in driver.keys {
            guard let target, let value = target.raw(key.name) else {
                if key.isRequired {
                    let what = key.help.map { " (\($0))" } ?? ""
                    reader.error(
                        "driver",
                        "driver \"\(driver.name)\" needs target.\(key.name)\(what); expected \(key.expected)"
                    )
                }
                continue
            }
            if let text = key.text(value) {
                settings.append(Setting(name: key.name, value: text))
            } else {
                target.mismatch(key.name, expected: key.expected, found: value)
            }
        }
        target?.end()
        return settings
    }

    private static func readPersonas(_ reader: TableReader) -> [PlacedName] {
        guard reader.has("personas") else {
            reader.missing("personas", "list at least one, the first is the default: personas = { \"low-latency\" }")
            return []
        }
        let names = reader.names("personas", of: "persona")
        if let names, names.isEmpty, reader.raw("personas")?.isEmpty ?? true {
            reader.error("personas", "personas is empty; list at least one, the first is the default")
        }
        return names ?? []
    }

    private static func readDemand(_ reader: TableReader) -> DemandSource? {
        let expected =
            "the name of a KPI such as \"request_rate\", or { utilization = \"cpu_utilization\", target = \"70%\" }"
        switch reader.raw("demand") {
        case nil:
            reader.missing("demand", "expected \(expected)")
        case .string(let name)? where Names.isKPI(name):
            return .kpi(name)
        case .table?:
            guard let table = reader.table("demand") else { return nil }
            defer { table.end() }
            let target = table.quantity("target", Quantities.positiveShare)
            guard table.has("utilization") else {
                table.missing("utilization", "name the KPI, such as utilization = \"cpu_utilization\"")
                return nil
            }
            guard let kpi = table.string("utilization") else { return nil }
            if !table.has("target") {
                table.missing("target", "at which utilisation is a resource full? such as target = \"70%\"")
            }
            return target.map { .utilization(kpi: kpi, target: $0) }
        case let other?:
            reader.mismatch("demand", expected: expected, found: other)
        }
        return nil
    }

    private static func readTimezone(_ reader: TableReader) -> Zone? {
        guard reader.has("timezone") else { return Zone.utc }
        guard let name = reader.string("timezone") else { return nil }
        if let zone = Zone(name) { return zone }
        reader.error(
            "timezone",
            "there is no time zone \"\(name)\"; expected an IANA name such as \"Europe/Berlin\"",
            nearest: name,
            of: Zone.known
        )
        return nil
    }
}

extension ScriptValue {
    fileprivate var isEmpty: Bool {
        switch self {
        case .list(let items): items.isEmpty
        case .table(let fields): fields.isEmpty
        default: false
        }
    }
}
