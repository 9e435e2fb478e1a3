import Control
import Domain
import KPIStore

/// Which fleets a series speaks of, by the workspace in force.
///
/// A series is a fleet's where its label `fleet` says so, or where a mapping of the fleet takes it in: the metric's name and all labels of
/// `match`. A `fleet` label that names a fleet also keeps other fleets' mappings off: two fleets may map one metric.
struct FleetRouting: Sendable {
    let version: Int64
    private let fleets: Set<String>
    private let mappings: [String: [(fleet: String, match: [Setting])]]

    init(_ sources: KPISources) {
        version = sources.version
        fleets = Set(sources.fleets.map(\.fleet))
        var mappings: [String: [(fleet: String, match: [Setting])]] = [:]
        for source in sources.fleets {
            for mapping in source.mappings where !mapping.isSentByAgents {
                mappings[mapping.metric, default: []].append((source.fleet, mapping.match))
            }
        }
        self.mappings = mappings
    }

    /// Sorted, each once.
    func fleets(of key: SeriesKey) -> [String] {
        if let named = key.label("fleet"), fleets.contains(named) { return [named] }
        var found: Set<String> = []
        for (fleet, match) in mappings[key.name] ?? [] where match.allSatisfy({ key.label($0.name) == $0.value }) {
            found.insert(fleet)
        }
        return found.sorted()
    }
}
