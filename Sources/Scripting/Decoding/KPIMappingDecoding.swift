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
}
