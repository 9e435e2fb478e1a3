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
    /// Nothing was wrong; what follows from a value that was is not reported again.
    var isWhole = true
    /// Nothing was wrong with `cost`, be it there or not.
    var costIsRight = true
    /// Paths of the templates that the file itself gives.
    var ownTemplates: Set<String> = []

    init(file: DefinitionFile, name: String) {
        self.file = file
        self.name = name
    }
}

extension PersonaDraft {
    /// Reads a persona's table.
    ///
    /// What is wrong is reported and left out, so that the rest can still be checked.
    init(_ value: ScriptValue, file: DefinitionFile, findings: Findings) {
        let before = findings.count
        let reader = TableReader(value, in: file, findings: findings)
        self.init(file: file, name: reader.definitionName("persona") ?? file.stem)
        if let parent = reader.string("extends") {
            extends = PlacedName(name: parent, line: reader.line("extends"), path: LuaPath.root.key("extends"))
        }
        readAllocation(reader)
        readCapacity(reader)
        readKPIs(reader)
        let beforeCost = findings.count
        readCost(reader)
        costIsRight = findings.count == beforeCost
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
            ownTemplates.insert(path)
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
