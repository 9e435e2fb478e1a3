package import Domain
package import Foundation
import ScriptProtocol
package import Workers

/// How a plugin is tried: what its vendor says in `tests/conformance.lua` beside it.
///
///     return {
///       target  = { url = "http://{service}" },                                       -- {ports}: a range of 100 that are free
///       service = { command = "python3", args = { "{tests}/service.py", "{port}" } },   -- optional: runs while the suite does
///       wrong   = { { target = { url = "http://127.0.0.1:1" }, names = "127.0.0.1" } },
///       full    = { target = { zone = "used-up" }, count = 3 },
///       page    = 50, pause = "100ms", looks = 300,
///     }
package struct PluginTrial: Sendable {
    /// A program that stands for the world that the driver drives.
    package struct Service: Hashable, Sendable {
        package var command: String
        package var args: [String]
    }

    /// A target that cannot work, and the word that its error names.
    package struct Wrong: Hashable, Sendable {
        package var target: [Setting]
        /// What it says other than the target that works.
        package var changes: [Setting]
        package var names: String
    }

    /// A target that has no room for so many.
    package struct Full: Hashable, Sendable {
        package var target: [Setting]
        package var count: Int
    }

    package var target: [Setting] = []
    package var service: Service?
    package var wrong: [Wrong] = []
    package var full: Full?
    /// How many resources the driver's service lists on a page; nil where it is not said.
    package var page: Int?
    /// Between two looks.
    package var pause = Duration.milliseconds(100)
    package var looks = 300

    /// What is wrong, a line each.
    package struct Faults: Error, CustomStringConvertible {
        package let lines: [String]
        package var description: String { lines.joined(separator: "\n") }

        package init(lines: [String]) { self.lines = lines }
    }

    package static func file(of plugin: String) -> String { "plugins/\(plugin)/tests/conformance.lua" }

    /// Reads the file of a plugin; reports all that is wrong with it.
    package init(of plugin: Plugin, in workspace: URL, workers: WorkerPool) async throws(Faults) {
        let name = Self.file(of: plugin.name)
        guard let data = try? Data(contentsOf: workspace.appending(path: name)), data.count <= 64 << 10 else {
            throw Faults(lines: [
                "\(name): error: there is no such file; expected a table with the target that the driver is tried with, such as "
                    + "return { target = { … } }"
            ])
        }
        let script = ScriptSource(name: name, bytes: [UInt8](data))
        let answer = await workers.answer(ScriptRequest(mode: .define, script: script, limits: .definition))
        switch answer {
        case .failure(let failure): throw Faults(lines: [failure.located])
        case .success(let result):
            let findings = Findings()
            let file = DefinitionFile(source: script)
            read(result.value, for: plugin, in: file, findings)
            let diagnostics = findings.sorted
            if !diagnostics.isEmpty { throw Faults(lines: diagnostics.map(\.description)) }
        }
    }
}

// MARK: Reading

extension PluginTrial {
    /// Looks may be many, and what they wait for may be slow; a whole trial ends on a day of work.
    private static let longestPause = TimeSpan.minutes(10)

    private mutating func read(
        _ value: ScriptValue,
        for plugin: Plugin,
        in file: DefinitionFile,
        _ findings: Findings
    ) {
        guard case .table = value else {
            findings.error(
                file,
                at: file.map.line(of: .root),
                "the script returns \(value.inWords); expected return { target = { … } }"
            )
            return
        }
        for twin in file.map.duplicates {
            findings.error(
                file,
                at: twin.line,
                "\(twin.path) is given twice, first in line \(twin.firstLine); remove one"
            )
        }
        let reader = TableReader(value, in: file, findings: findings)
        target = Self.settings(reader, plugin.config)
        for key in plugin.config
        where key.isRequired && !(reader.has("target") && reader.table("target")?.has(key.name) ?? true) {
            findings.error(
                file,
                at: reader.line("target"),
                "target.\(key.name) is missing, which the driver needs; expected \(key.expected)"
            )
        }
        readService(reader)
        readWrong(reader, plugin.config)
        if let entry = reader.table("full", expected: "a table such as { target = { … }, count = 3 }") {
            let changes = Self.settings(entry, plugin.config)
            if !entry.has("target") {
                entry.missing(
                    "target",
                    "say what a target says that has no room, such as target = { zone = \"used-up\" }"
                )
            }
            let count = entry.integer("count", expected: "how many are asked for, from 1 to 1000", in: 1...1000)
            full = Full(target: completed(changes), count: count ?? 3)
            entry.end()
        }
        page = reader.integer(
            "page",
            expected: "how many resources a page of the service holds, from 1 to 200",
            in: 1...200
        )
        if let span = reader.quantity("pause", Quantities.positiveSpan) {
            pause = .milliseconds(span.milliseconds)
            if span > Self.longestPause { reader.error("pause", "pause is \(span); expected at most 10m") }
        }
        looks = reader.integer("looks", expected: "a whole number, from 1 to 100000", in: 1...100_000) ?? looks
        reader.end()
    }

    /// What the `target` of a table says.
    private static func settings(_ reader: TableReader, _ config: [ConfigKey]) -> [Setting] {
        guard let table = reader.table("target", expected: "a table such as { url = \"…\" }") else { return [] }
        var settings: [Setting] = []
        for key in config {
            guard let value = table.raw(key.name) else { continue }
            // Fleets may write a number for a text; here it is a slip more often than not, and a wrong target must be wrong as it is meant.
            if let text = key.text(value), key.kind != .string || value == .string(text) {
                settings.append(Setting(name: key.name, value: text))
            } else {
                table.mismatch(key.name, expected: key.expected, found: value)
            }
        }
        table.end()
        return settings
    }

    /// What is left out is as in the target that works.
    private func completed(_ changes: [Setting]) -> [Setting] {
        let kept = target.filter { setting in !changes.contains { $0.name == setting.name } }
        return (changes + kept).sorted { $0.name < $1.name }
    }

    private mutating func readService(_ reader: TableReader) {
        guard let entry = reader.table("service", expected: "a table such as { command = \"python3\", args = { … } }")
        else { return }
        let command = entry.string("command")
        if !entry.has("command") {
            entry.missing("command", "expected the program that stands for what the driver drives")
        }
        var args: [String] = []
        for (value, place) in entry.list("args", expected: "a list such as { \"{tests}/service.py\", \"{port}\" }")
            ?? []
        {
            switch value {
            case .string(let text): args.append(text)
            case .integer, .number: args.append(value.inWords)
            default:
                entry.findings.error(
                    entry.file,
                    at: entry.file.map.line(of: place),
                    "\(place) is \(value.inWords); expected a text"
                )
            }
        }
        entry.end()
        service = command.map { Service(command: $0, args: args) }
    }

    private mutating func readWrong(_ reader: TableReader, _ config: [ConfigKey]) {
        let example = "{ { target = { … }, names = \"url\" } }"
        for (value, place) in reader.list("wrong", expected: "a list such as \(example)") ?? [] {
            guard case .table = value else {
                reader.findings.error(
                    reader.file,
                    at: reader.file.map.line(of: place),
                    "\(place) is \(value.inWords); expected one such as \(example.dropFirst(2).dropLast(2))"
                )
                continue
            }
            let entry = TableReader(value, at: place, in: reader.file, findings: reader.findings)
            let changes = Self.settings(entry, config)
            let names = entry.string("names")
            if names?.isEmpty ?? !entry.has("names") {
                entry.missing("names", "say which word the driver's complaint must name, such as a key of the target")
            }
            entry.end()
            wrong.append(Wrong(target: completed(changes), changes: changes, names: names ?? ""))
        }
    }
}
