import ArgumentParser

/// Labels on the command line: `zone=a,tier=web`.
struct LabelsArgument: ExpressibleByArgument {
    let labels: [String: String]

    init?(argument: String) {
        var labels: [String: String] = [:]
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, !sides[0].isEmpty,
                labels.updateValue(String(sides[1]), forKey: String(sides[0])) == nil
            else { return nil }
        }
        self.labels = labels
    }

    private init(labels: [String: String]) { self.labels = labels }

    /// These and the label `fleet`, as a query of the API takes them; nil where nothing is asked for.
    static func query(_ labels: LabelsArgument?, fleet: String?) throws -> String? {
        var all = labels?.labels ?? [:]
        if let fleet {
            guard !fleet.contains(where: { "=,".contains($0) }) else { throw Failure("there is no fleet \"\(fleet)\"") }
            all["fleet"] = fleet
        }
        return all.isEmpty ? nil : all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// As people read labels in a table.
    static func text(_ labels: [String: String]) -> String {
        labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }
}
