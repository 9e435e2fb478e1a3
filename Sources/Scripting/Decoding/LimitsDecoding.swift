import Domain
import ScriptProtocol

// `limits` and `freeze` of a fleet: what no decision may pass.

extension FleetDraft {
    /// Reads `limits`; what is left out is not limited, but for `min`.
    static func readLimits(_ reader: TableReader) -> Limits? {
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

    /// Reads `freeze`, whose times are those of the fleet's zone.
    static func readFreeze(_ reader: TableReader, zone: Zone?) -> [FreezeWindow] {
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
