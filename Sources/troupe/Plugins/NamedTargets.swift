import Domain
import Foundation
import Scripting
import Workers

/// What the fleets of a workspace put where a driver's `needs` say `target.KEY`: an operator grants addresses, not the names of keys.
struct NamedTargets: Encodable {
    let need: String
    let fleet: String
    let value: String

    /// Nothing where the workspace does not load: a driver can be granted before its first fleet is written.
    static func of(_ plugin: Plugin, in path: String, workers: WorkerPool) async -> [NamedTargets] {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        guard let workspace = try? await Workspace.load(folder: folder, workers: workers) else { return [] }
        let fleets = workspace.fleets.filter { $0.driver == plugin.name }
        return plugin.needs.lines.flatMap { line -> [NamedTargets] in
            guard let word = line.split(separator: " ").last, word.hasPrefix("target.") else { return [] }
            let key = plugin.config.first { $0.name == word.dropFirst("target.".count) }
            return fleets.compactMap { fleet in
                let written = fleet.target.first { $0.name == key?.name }?.value ?? key?.fallback
                return written.map { NamedTargets(need: line, fleet: fleet.name, value: $0) }
            }
        }
    }
}

extension [NamedTargets] {
    /// Behind the line of a need.
    func words(for need: String) -> String {
        let mine = filter { $0.need == need }
        guard !mine.isEmpty else { return "" }
        let text = mine.prefix(20).map { "\($0.value) for fleet \($0.fleet)" }.joined(separator: ", ")
        return ": \(text)\(mine.count > 20 ? ", …" : "")"
    }
}
