import Domain
import ScriptProtocol

/// What a persona's file gives itself; what it leaves out may come from the persona that it extends.
struct PersonaDraft: Sendable {
    let file: DefinitionFile
    var name: String
    /// Line of the `extends` key.
    var extends: PlacedName?
    var cpu: Double?
    var memoryBytes: Int64?
    var bandwidth: Double?
    var capacity: [KPIAmount] = []
    var kpis: [KPIRequirement] = []
    var perHour: Double?
    var shortfall: Double?
    var startup: TimeSpan?
    var templates: [ConfigTemplate] = []
    /// A value was wrong and is reported: what follows from its absence is not reported again.
    var isWhole = true

    init(file: DefinitionFile, name: String) {
        self.file = file
        self.name = name
    }
}

extension PersonaDraft {
    /// Reads a persona's table; nil only where not even its name can be told.
    init?(_ value: ScriptValue, file: DefinitionFile, findings: Findings) {
        let before = findings.count
        let reader = TableReader(value, in: file, findings: findings)
        guard let name = reader.definitionName("persona") else { return nil }
        self.init(file: file, name: name)
        if let parent = reader.string("extends") {
            extends = PlacedName(name: parent, line: reader.line("extends"), path: LuaPath.root.key("extends"))
        }
        readAllocation(reader)
        readCapacity(reader)
        readKPIs(reader)
        readCost(reader)
        startup = reader.quantity("startup", Quantities.positiveSpan)
        readTemplates(reader)
        reader.end()
        isWhole = findings.count == before
    }

    private mutating func readAllocation(_ reader: TableReader) {
        guard let allocation = reader.table("allocation") else { return }
        cpu = allocation.quantity("cpu", Quantities.cores)
        memoryBytes = allocation.quantity("memory", Quantities.bytes)
        bandwidth = allocation.quantity("bandwidth", Quantities.bitsPerSecond)
        allocation.end()
    }

    private mutating func readCapacity(_ reader: TableReader) {
        guard let table = reader.table("capacity", expected: "a table such as { request_rate = 120 }") else { return }
        for kpi in table.keys {
            guard Names.isKPI(kpi) else {
                table.nameError(kpi, "KPI")
                continue
            }
            let amount = table.number(kpi, expected: "a number above 0: the demand that one ready resource serves") {
                $0 > 0
            }
            if let amount { capacity.append(KPIAmount(kpi: kpi, amount: amount)) }
        }
        table.end()
    }

    private mutating func readKPIs(_ reader: TableReader) {
        guard let table = reader.table("kpis", expected: "a table such as { error_rate = { objective = \"< 1%\" } }")
        else { return }
        for kpi in table.keys {
            guard Names.isKPI(kpi) else {
                table.nameError(kpi, "KPI")
                continue
            }
            guard let entry = table.table(kpi, expected: "a table such as { objective = \"< 250\" } or {}") else {
                continue
            }
            kpis.append(KPIRequirement(kpi: kpi, objective: entry.quantity("objective", Quantities.objective)))
            entry.end()
        }
        table.end()
    }

    private mutating func readCost(_ reader: TableReader) {
        guard let cost = reader.table("cost", expected: "a table such as { per_hour = 0.34, shortfall = 6.8 }") else {
            return
        }
        perHour = cost.number("per_hour", expected: "a number above 0: what one resource costs an hour") { $0 > 0 }
        shortfall = cost.number("shortfall", expected: "a number above 0: what an hour short of one resource costs") {
            $0 > 0
        }
        cost.end()
    }

    private mutating func readTemplates(_ reader: TableReader) {
        guard let table = reader.table("templates", expected: "a table of file path and contents") else { return }
        for path in table.keys {
            guard path.hasPrefix("/"), !path.split(separator: "/").contains(".."), !path.hasSuffix("/") else {
                table.error(
                    path,
                    "template \"\(path)\" is no absolute file path; expected one such as \"/etc/app/tuning.conf\""
                )
                _ = table.raw(path)
                continue
            }
            guard let contents = table.string(path) else { continue }
            templates.append(ConfigTemplate(path: path, contents: contents))
            for problem in TemplateCheck.problems(in: contents) {
                let line = reader.file.map.contentsLine(of: table.path.key(path)) + problem.line
                reader.findings.error(
                    reader.file,
                    at: line,
                    "template \(path): \(problem.message)",
                    nearest: problem.word,
                    of: problem.words
                )
            }
        }
        table.end()
    }
}

extension PersonaDraft {
    /// The draft with what it left out taken from its parent: single values by themselves, tables key by key.
    func inheriting(from parent: PersonaDraft) -> PersonaDraft {
        var whole = self
        whole.cpu = cpu ?? parent.cpu
        whole.memoryBytes = memoryBytes ?? parent.memoryBytes
        whole.bandwidth = bandwidth ?? parent.bandwidth
        whole.perHour = perHour ?? parent.perHour
        whole.shortfall = shortfall ?? parent.shortfall
        whole.startup = startup ?? parent.startup
        whole.capacity = Self.merge(capacity, parent.capacity, by: \.kpi)
        whole.kpis = Self.merge(kpis, parent.kpis, by: \.kpi)
        whole.templates = Self.merge(templates, parent.templates, by: \.path)
        whole.isWhole = isWhole && parent.isWhole
        return whole
    }

    private static func merge<Item>(_ own: [Item], _ inherited: [Item], by key: (Item) -> String) -> [Item] {
        let names = Set(own.map(key))
        return (own + inherited.filter { !names.contains(key($0)) }).sorted { key($0) < key($1) }
    }

    /// The finished persona, once what it inherits is in it; nil where something that every persona needs is missing.
    func persona(findings: Findings) -> Persona? {
        if isWhole {
            let costs = file.map.line(of: LuaPath.root.key("cost"))
            if perHour == nil {
                findings.error(file, at: costs, "cost.per_hour is missing; give what one resource costs an hour")
            }
            if shortfall == nil {
                findings.error(
                    file,
                    at: costs,
                    "cost.shortfall is missing; give what an hour short of one resource costs"
                )
            }
            if let perHour, let shortfall, shortfall <= perHour {
                findings.error(
                    file,
                    at: file.map.line(of: LuaPath.root.key("cost").key("shortfall")),
                    "cost.shortfall (\(shortfall)) is not above cost.per_hour (\(perHour)): then no resource would ever be worth its price"
                )
            }
        }
        guard let perHour, let shortfall, shortfall > perHour else { return nil }
        return Persona(
            name: name,
            extends: extends?.name,
            allocation: Allocation(cpu: cpu, memoryBytes: memoryBytes, bandwidthBitsPerSecond: bandwidth),
            capacity: capacity,
            kpis: kpis,
            cost: Cost(perHour: perHour, shortfall: shortfall),
            startup: startup ?? .seconds(90),
            templates: templates
        )
    }
}
