import Simulation

/// Names and values below each other, aligned; a value of several lines is indented under its first.
struct FactList {
    private var facts: [(name: String, value: String)] = []

    mutating func add(_ name: String, _ value: String?) {
        if let value, !value.isEmpty { facts.append((name, value)) }
    }

    func lines(_ style: TerminalStyle) -> [String] {
        let width = facts.map { TextWidth.of($0.name) }.max() ?? 0
        return facts.flatMap { fact in
            fact.value.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .map { index, line in
                    let name = TextWidth.pad(index == 0 ? fact.name : "", to: width)
                    return "  " + style.paint(name, .dim) + "  " + line
                }
        }
    }
}
