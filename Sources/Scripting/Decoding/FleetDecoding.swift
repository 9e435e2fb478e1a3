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
}

extension FleetDraft {
    /// Reads a fleet's table; nil where too little is right to go on.
    init?(_ value: ScriptValue, file: DefinitionFile, drivers: [DriverInterface], findings: Findings) {
        let reader = TableReader(value, in: file, findings: findings)
        let name = reader.definitionName("fleet")
        let driver = Self.readDriver(reader, drivers: drivers)
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
        fleet.grid = reader.quantity("grid", Quantities.positiveSpan) ?? defaults.grid
        fleet.interval = reader.quantity("interval", Quantities.positiveSpan) ?? defaults.interval
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
            demandLine: reader.line("demand")
        )
        readKPIs(reader)
        if fleet.interval > fleet.grid, reader.has("interval") {
            reader.error(
                "interval",
                "interval is longer than grid: a forecast step would pass without a decision; expected at most the grid"
            )
        }
        reader.end()
        guard name != nil, driver != nil, demand != nil else { return nil }
    }

    private static func readDriver(_ reader: TableReader, drivers: [DriverInterface]) -> (
        name: String, target: [Setting]
    )? {
        let target = reader.table("target")
        guard reader.has("driver") else {
            reader.missing("driver", "name the driver that runs this fleet, such as driver = \"simulated\"")
            return nil
        }
        guard let name = reader.string("driver") else { return nil }
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
        var settings: [Setting] = []
        for key in target?.keys ?? [] where driver.config.contains(key) {
            guard let target, let value = target.raw(key) else { continue }
            switch value {
            case .string(let text): settings.append(Setting(name: key, value: text))
            case .integer, .number, .bool: settings.append(Setting(name: key, value: value.inWords))
            default: target.mismatch(key, expected: "a text or a number", found: value)
            }
        }
        if let target {
            for key in driver.config { _ = target.raw(key) }
            target.end()
        }
        return (name, settings)
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

    private static func readLimits(_ reader: TableReader) -> Limits? {
        guard let table = reader.table("limits") else { return nil }
        var limits = Limits()
        limits.min = table.integer("min", expected: "a whole number from 0 to 100000", in: 0...100_000) ?? limits.min
        limits.max = table.integer("max", expected: "a whole number from 1 to 100000", in: 1...100_000)
        limits.stepUp = table.quantity("step_up", Quantities.rateLimit)
        limits.stepDown = table.quantity("step_down", Quantities.rateLimit)
        limits.settle = table.quantity("settle", Quantities.span)
        limits.reversals = table.quantity("reversals", Quantities.countLimit)
        limits.removals = table.quantity("removals", Quantities.rateLimit)
        limits.costPerHour = table.number("cost_per_hour", expected: "a number above 0") { $0 > 0 }
        if let max = limits.max, max < limits.min {
            table.error("max", "limits.max (\(max)) is below limits.min (\(limits.min))")
        }
        table.end()
        return limits
    }

    private static func readFreeze(_ reader: TableReader, zone: Zone?) -> [FreezeWindow] {
        let expected = "a list such as { { from = \"2026-12-24\", to = \"2026-12-27\", allow = \"out\" } }"
        var windows: [FreezeWindow] = []
        for (value, path) in reader.list("freeze", expected: expected) ?? [] {
            guard case .table = value else {
                reader.findings.error(
                    reader.file,
                    at: reader.file.map.line(of: path),
                    "\(path) is \(value.inWords); expected { from = …, to = … }"
                )
                continue
            }
            let entry = TableReader(value, at: path, in: reader.file, findings: reader.findings)
            let from = entry.instant("from", in: zone)
            let to = entry.instant("to", in: zone)
            let allow: FreezeWindow.Allowed = entry.choice("allow") ?? .nothing
            entry.end()
            guard let from, let to else { continue }
            guard from < to else {
                entry.error("to", "\(path.key("to")) is not after \(path.key("from")); a freeze ends when `to` begins")
                continue
            }
            windows.append(FreezeWindow(from: from, to: to, allow: allow))
        }
        return windows.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
    }

    private mutating func readKPIs(_ reader: TableReader) {
        guard let table = reader.table("kpis") else { return }
        for kpi in table.keys {
            guard Names.isKPI(kpi) else {
                table.nameError(kpi, "KPI")
                continue
            }
            guard
                let entry = table.table(
                    kpi,
                    expected: "a table such as { metric = \"http_requests_total\", rate = true }"
                )
            else { continue }
            var mapping = KPIMapping(kpi: kpi, metric: entry.string("metric") ?? kpi)
            if !Names.isKPI(mapping.metric) {
                entry.error("metric", "\"\(mapping.metric)\" is no name of a metric; expected letters, digits, _ and :")
            }
            mapping.rate = entry.boolean("rate") ?? false
            if let match = entry.table("match") {
                mapping.match = match.keys.compactMap { label in
                    match.string(label).map { Setting(name: label, value: $0) }
                }
            }
            if entry.raw("resource_label") == .bool(false) {
                mapping.resourceLabel = ""
                standsAlone.insert(kpi)
            } else if let label = entry.string("resource_label") {
                mapping.resourceLabel = label
            }
            entry.end()
            fleet.kpis.append(mapping)
        }
        table.end()
    }
}

extension TableReader {
    /// A date or a date with time, in the fleet's zone.
    fileprivate func instant(_ key: String, in zone: Zone?) -> Timestamp? {
        guard has(key) else {
            missing(key, "expected a date such as \"2026-12-24\" or \"2026-12-24 18:00\"")
            return nil
        }
        guard let text = string(key) else { return nil }
        guard let local = LocalTime(text) else {
            error(
                key,
                "\(path.key(key)) is \"\(text)\"; expected a date such as \"2026-12-24\" or \"2026-12-24 18:00\""
            )
            return nil
        }
        return (zone ?? .utc).instant(of: local)
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
