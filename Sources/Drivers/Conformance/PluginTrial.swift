package import Domain
package import Foundation
import ScriptProtocol
package import Scripting
package import Workers

/// How a plugin is tried: what its vendor says in `tests/conformance.lua` beside it.
///
///     return {
///       target  = { url = "http://{service}" },                                       -- {ports}: a range of 100 that are free
///       service = { command = "python3", args = { "{tests}/service.py", "{port}" } },   -- optional: runs while the suite does
///       wrong   = { { target = { url = "http://127.0.0.1:1" }, names = "127.0.0.1" } },
///     }
package struct PluginTrial: Sendable {
    /// A program that stands for the world that the driver drives.
    package struct Service: Hashable, Sendable {
        package var command: String
        package var args: [String]
    }

    package struct Wrong: Hashable, Sendable {
        package var target: [Setting]
        package var names: String
    }

    package var target: [Setting]
    package var service: Service?
    package var wrong: [Wrong]
    /// Between two looks.
    package var pause: Duration
    package var looks: Int

    /// What is wrong with the file, a line each.
    package struct Faults: Error, CustomStringConvertible {
        package let lines: [String]
        package var description: String { lines.joined(separator: "\n") }
    }

    package static func file(of plugin: String) -> String { "plugins/\(plugin)/tests/conformance.lua" }

    /// Reads the file of a plugin.
    package init(of plugin: Plugin, in workspace: URL, workers: WorkerPool) async throws(Faults) {
        let name = Self.file(of: plugin.name)
        guard let data = try? Data(contentsOf: workspace.appending(path: name)), data.count <= 64 << 10 else {
            throw Faults(lines: [
                "\(name): error: there is no such file; expected a table with the target that the driver is tried with, such as "
                    + "return { target = { … } }"
            ])
        }
        let answer = await workers.answer(
            ScriptRequest(mode: .define, script: ScriptSource(name: name, bytes: [UInt8](data)), limits: .definition)
        )
        switch answer {
        case .failure(let failure): throw Faults(lines: [failure.located])
        case .success(let result): try self.init(result.value, plugin: plugin, file: name)
        }
    }

    private init(_ value: ScriptValue, plugin: Plugin, file: String) throws(Faults) {
        var faults: [String] = []
        func fault(_ what: String) { faults.append("\(file): error: \(what)") }
        func unknown(_ key: String, of what: String, _ known: [String]) {
            let hint = NearestWord.find(key, among: known).map { " (did you mean \"\($0)\"?)" } ?? ""
            fault("unknown key \(what)\(key); known here: \(known.joined(separator: ", "))\(hint)")
        }
        func settings(_ value: ScriptValue?, _ what: String) -> [Setting] {
            var settings: [Setting] = []
            for field in value?.fields ?? [] {
                guard let key = plugin.config.first(where: { $0.name == field.key }) else {
                    unknown(field.key, of: "\(what).", plugin.config.map(\.name))
                    continue
                }
                if let text = key.text(field.value) {
                    settings.append(Setting(name: key.name, value: text))
                } else {
                    fault("\(what).\(key.name) is \(field.value.inWords); expected \(key.expected)")
                }
            }
            return settings
        }

        if case .table = value {
        } else {
            fault("the script returns \(value.inWords); expected return { target = { … } }")
        }
        for field in value.fields where !["looks", "pause", "service", "target", "wrong"].contains(field.key) {
            unknown(field.key, of: "", ["looks", "pause", "service", "target", "wrong"])
        }
        target = settings(value["target"], "target")
        for key in plugin.config where key.isRequired && !target.contains(where: { $0.name == key.name }) {
            fault("target.\(key.name) is missing, which the driver needs; expected \(key.expected)")
        }
        wrong = []
        for (index, item) in (value["wrong"]?.items ?? []).enumerated() {
            guard case .string(let names)? = item["names"] else {
                fault(
                    "wrong[\(index + 1)].names is missing; say which word of the target the driver's complaint must name"
                )
                continue
            }
            // What it leaves out is as in the target that works.
            let given = settings(item["target"], "wrong[\(index + 1)].target")
            let kept = target.filter { setting in !given.contains { $0.name == setting.name } }
            wrong.append(Wrong(target: (given + kept).sorted { $0.name < $1.name }, names: names))
        }
        if let program = value["service"] {
            if case .string(let command)? = program["command"] {
                let args = (program["args"]?.items ?? [])
                    .map { if case .string(let text) = $0 { text } else { $0.inWords } }
                service = Service(command: command, args: args)
            } else {
                fault("service.command is missing; expected the program that stands for what the driver drives")
            }
        }
        pause = .milliseconds(100)
        if case .string(let text)? = value["pause"], let span = try? Quantity.span(text) {
            pause = .milliseconds(span.milliseconds)
        }
        looks = value["looks"]?.asInteger ?? 300
        if !faults.isEmpty { throw Faults(lines: faults) }
    }
}

extension ScriptValue {
    var fields: [Field] { if case .table(let fields) = self { fields } else { [] } }
    var items: [ScriptValue] { if case .list(let items) = self { items } else { [] } }
}
