import Simulation

/// A script as the API says it.
struct ScriptRow: Decodable {
    let script: String
    let name: String
    let kind: String
    let fleets: [String]
    let state: String
    let reason: String?
    let evaluations: Int
    let failures: Int
    let failuresByKind: [String: Int]
    let kills: Int?
    let p50Us: Double?
    let p99Us: Double?

    struct Page: Decodable { let scripts: [ScriptRow] }

    /// It is run again and again, or something is wrong with it: worth a line for someone on call.
    var isOfInterest: Bool { kind == "policy" || kind == "driver" || state != "ok" || failures > 0 || (kills ?? 0) > 0 }

    static func lines(_ scripts: [ScriptRow], _ style: TerminalStyle) -> [String] {
        var table = TextTable(columns: [
            .left("script"), .left("fleets"), .right("runs"), .right("failures"), .right("kills"), .right("p50"),
            .right("p99"), .left("state"), .left("failed as"),
        ])
        for script in scripts {
            let colour: TerminalColour = script.state != "ok" ? .red : script.failures > 0 ? .yellow : .normal
            table.append(
                TextTable.Row(
                    [
                        script.script, script.shortFleets, String(script.evaluations), String(script.failures),
                        script.kills.map(String.init) ?? "-", time(script.p50Us), time(script.p99Us),
                        script.state.replacing("_", with: " "), script.kinds,
                    ],
                    colour: colour
                )
            )
        }
        return table.lines(style) + remarks(scripts)
    }

    /// Why something is not run, and what lifts that.
    private static func remarks(_ scripts: [ScriptRow]) -> [String] {
        let held = scripts.filter { $0.state != "ok" }
        return (held.isEmpty ? [] : [""]) + held.flatMap { ["\($0.title): \($0.reason ?? $0.state)", "  \($0.lift)"] }
    }

    private var title: String { fleets.first.map { kind == "driver" ? "\(script) of fleet \($0)" : script } ?? script }

    private var lift: String {
        switch kind {
        // One that is held while it is loaded is no fleet's yet.
        case "driver" where !fleets.isEmpty:
            "load a corrected version, or: troupe plugin lift \(name) --fleet \(fleets[0])"
        case "policy": "load a corrected version, or: troupe policy lift \(name)"
        default: "load a corrected version, or: troupe policy lift \(script)"
        }
    }

    private var shortFleets: String {
        fleets.count > 3
            ? fleets.prefix(2).joined(separator: ", ") + " and \(fleets.count - 2) more"
            : fleets.joined(separator: ", ")
    }

    /// The most frequent first: `3 killed at deadline, 2 raised`.
    private var kinds: String {
        failuresByKind.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.value) \($0.key.replacing("_", with: " "))" }.joined(separator: ", ")
    }

    private static func time(_ microseconds: Double?) -> String {
        guard let microseconds, microseconds > 0 else { return "-" }
        return switch microseconds {
        case ..<1000: Figures.number(microseconds.rounded()) + " us"
        case ..<1_000_000: Figures.fixed(microseconds / 1000, 1) + " ms"
        default: Figures.fixed(microseconds / 1_000_000, 1) + " s"
        }
    }
}

/// What was lifted, as the API says it.
struct LiftedRow: Decodable {
    let script: String
    let fleet: String?
    let reason: String

    struct List: Decodable { let lifted: [LiftedRow] }

    var line: String {
        "\(script)\(fleet.map { " of fleet \($0)" } ?? "") is run again\(reason.isEmpty ? "" : "; it was held: \(reason)")"
    }
}
