import Domain
import ScriptProtocol

extension FleetDraft {
    /// Reads `kpis`: where a KPI comes from that does not arrive under its own name.
    mutating func readKPIs(_ reader: TableReader) {
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
            mapping.quantile = entry.number("quantile", expected: "a number from 0 to 1 such as 0.99") {
                (0...1).contains($0)
            }
            mapping.per = entry.string("per")
            mapping.agent = entry.boolean("agent") ?? false
            Self.checkDerivation(mapping, entry)
            if let match = entry.table("match") {
                mapping.match = match.keys.compactMap { label in
                    match.string(label).map { Setting(name: label, value: $0) }
                }
            }
            switch entry.raw("resource_label") {
            case nil: break
            case .bool(false)?:
                mapping.resourceLabel = ""
                standsAlone.insert(kpi)
            case .string(let label)? where !label.isEmpty: mapping.resourceLabel = label
            case let other?:
                entry.mismatch(
                    "resource_label",
                    expected: "the name of a label, or false where it is not measured at a resource",
                    found: other
                )
            }
            entry.end()
            fleet.kpis.append(mapping)
        }
        table.end()
    }

    /// A KPI is made in one way, by one of server and agents.
    private static func checkDerivation(_ mapping: KPIMapping, _ entry: TableReader) {
        let place = "kpis.\(mapping.kpi)"
        if let per = mapping.per, !Names.isKPI(per) {
            entry.error("per", "\(place).per: \"\(per)\" is no name of a metric; expected letters, digits, _ and :")
        }
        if mapping.per != nil, mapping.quantile != nil {
            entry.error(
                "quantile",
                "\(place).quantile: quantile and per exclude each other: a KPI is a quantile or a ratio"
            )
        }
        for (key, isGiven) in [("quantile", mapping.quantile != nil), ("per", mapping.per != nil)] where isGiven {
            if mapping.rate {
                entry.error("rate", "\(place).rate: \(key) counts gains already; leave rate out")
            }
        }
        if mapping.isSentByAgents, entry.has("resource_label") {
            let key = mapping.quantile != nil ? "quantile" : mapping.per != nil ? "per" : "agent"
            entry.error(
                "resource_label",
                "\(place).resource_label: agents send the KPI under the label instance, and \(key) makes it theirs; leave resource_label out"
            )
        }
    }
}
