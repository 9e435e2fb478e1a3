import Simulation

/// How the driver of one fleet fares: as a server sees it, or as it answered here and now.
struct PluginHealthRow: Encodable {
    enum Source: String, Encodable {
        case server
        case probe
    }

    var fleet: String
    var driver: String
    var from: Source
    /// `ok`, `failing`, `hanging`, `left_alone`, `quarantined`, `not_called`.
    var state = "ok"
    var error: String?
    var resources = 0
    var ready = 0

    // Of a probe
    var tookMilliseconds: Int64?

    // Of a server
    var calls: Int?
    var failures: Int?
    var lastLookAt: Moment?
    var nextTryAt: Moment?
    var lastError: String?
    var lastFailureAt: Moment?

    init(fleet: String, driver: String, from: Source) {
        (self.fleet, self.driver, self.from) = (fleet, driver, from)
    }

    init(_ row: FleetRow) {
        self.init(fleet: row.name, driver: row.driver, from: .server)
        let health = row.driverHealth
        (state, error) = (health.state, health.reason)
        (resources, ready) = (row.ready + row.starting + row.draining, row.ready)
        (calls, failures, lastLookAt, nextTryAt) = (health.calls, health.failures, health.lastLookAt, health.nextTryAt)
        (lastError, lastFailureAt) = (health.lastError, health.lastFailureAt)
    }

    var isWell: Bool { state == "ok" || state == "not_called" }

    private var words: String {
        var words = state.replacing("_", with: " ")
        if let nextTryAt { words += ", tried again \(nextTryAt.relative())" }
        return words
    }

    static func lines(_ rows: [PluginHealthRow], _ style: TerminalStyle) -> [String] {
        var table: TextTable
        let isSeen = rows.first?.from == .server
        let start: [TextTable.Column] = [.left("fleet"), .left("driver"), .right("resources"), .right("ready")]
        if isSeen {
            table = TextTable(
                columns: start + [.right("calls"), .right("failed"), .left("last look"), .left("health")]
            )
        } else {
            table = TextTable(columns: start + [.right("took"), .left("health")])
        }
        for row in rows {
            let own =
                isSeen
                ? [
                    "\(row.calls ?? 0)", "\(row.failures ?? 0)", row.lastLookAt.map { $0.relative() } ?? "never",
                    row.words,
                ]
                : ["\(row.tookMilliseconds ?? 0) ms", row.error ?? "ok"]
            table.append(
                TextTable.Row(
                    [row.fleet, row.driver, "\(row.resources)", "\(row.ready)"] + own,
                    colour: row.isWell ? .normal : .red
                )
            )
        }
        guard isSeen else { return table.lines(style) }
        let held = rows.filter { !$0.isWell }
        return table.lines(style) + (held.isEmpty ? [] : [""])
            + held.flatMap { row in
                ["\(row.fleet): \(row.error ?? row.words)"]
                    + (["quarantined", "left_alone"].contains(row.state)
                        ? ["  load a corrected version, or: troupe plugin lift \(row.driver) --fleet \(row.fleet)"]
                        : [])
            }
    }
}
