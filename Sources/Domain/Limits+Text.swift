// As they are written in a fleet's `limits`.

extension ScaleAmount: CustomStringConvertible {
    package var description: String {
        switch self {
        case .count(let count): String(count)
        case .fraction(let fraction): NumberText.fixed(fraction * 100, decimals: 2).filter { $0 != "," } + "%"
        }
    }
}

extension RateLimit: CustomStringConvertible {
    package var description: String { "\(amount)/\(window)" }
}

extension CountLimit: CustomStringConvertible {
    package var description: String { "\(count)/\(window)" }
}

extension Objective: CustomStringConvertible {
    package var description: String { "\(comparison.rawValue) \(NumberText.plain(value))" }
}
