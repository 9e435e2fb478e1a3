import Domain

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
        whole.costIsRight = costIsRight && parent.costIsRight
        return whole
    }

    private static func merge<Item>(_ own: [Item], _ inherited: [Item], by key: (Item) -> String) -> [Item] {
        let names = Set(own.map(key))
        return (own + inherited.filter { !names.contains(key($0)) }).sorted { key($0) < key($1) }
    }

    /// The finished persona, once what it inherits is in it; nil where it, or something that it inherits, is wrong.
    func persona(findings: Findings) -> Persona? {
        let cost = cost(findings: findings)
        guard isWhole, let cost else { return nil }
        let persona = Persona(
            name: name,
            extends: extends?.name,
            allocation: Allocation(cpu: cpu, memoryBytes: memoryBytes, bandwidthBitsPerSecond: bandwidth),
            capacity: capacity,
            kpis: kpis,
            cost: cost,
            startup: startup ?? .seconds(90),
            templates: templates
        )
        checkFacts(of: persona, findings: findings)
        return persona
    }

    /// Both costs are needed, for their ratio is the quantile of demand that a fleet is sized for.
    private func cost(findings: Findings) -> Cost? {
        guard costIsRight else { return nil }
        let line = file.map.line(of: LuaPath.root.key("cost"))
        if perHour == nil {
            findings.error(file, at: line, "cost.per_hour is missing; give what one resource costs an hour")
        }
        if shortfall == nil {
            findings.error(file, at: line, "cost.shortfall is missing; give what an hour short of one resource costs")
        }
        guard let perHour, let shortfall else { return nil }
        guard shortfall > perHour else {
            findings.error(
                file,
                at: file.map.line(of: LuaPath.root.key("cost").key("shortfall")),
                "cost.shortfall (\(NumberText.plain(shortfall))) is not above cost.per_hour (\(NumberText.plain(perHour))): "
                    + "then no resource would ever be worth its price"
            )
            return nil
        }
        return Cost(perHour: perHour, shortfall: shortfall)
    }

    /// A template may name only what the persona has: an allocation that nobody gave would be rendered as nothing.
    private func checkFacts(of persona: Persona, findings: Findings) {
        let known = Set(TemplateFacts(persona: persona, fleet: "", resource: "").values.map(\.name))
        for template in persona.templates {
            let isOwn = ownTemplates.contains(template.path)
            let start = file.map.contentsLine(of: LuaPath.root.key("templates").key(template.path))
            for fact in TemplateCheck.facts(in: template.contents)
            where TemplateFacts.names.contains(fact.name) && !known.contains(fact.name) {
                let setting = fact.name.split(separator: "_").first.map(String.init) ?? fact.name
                findings.error(
                    file,
                    at: isOwn ? start + fact.line : file.map.line(of: .root),
                    "template \(template.path)\(isOwn ? "" : " of \(extends?.name ?? "its parent")") "
                        + "names {{\(fact.name)}}, and this persona has no \(setting)"
                )
            }
        }
    }
}
