import Simulation

/// How a fleet's driver fares, as the API says it.
struct DriverHealthRow: Decodable {
    let driver: String
    let state: String
    let reason: String?
    let lastLookAt: Moment?
    let nextTryAt: Moment?
    let lastError: String?
    let lastFailureAt: Moment?
    let calls: Int?
    let failures: Int?

    var isWell: Bool { state == "ok" || state == "not_called" }
    var stateInWords: String { state.replacing("_", with: " ") }
    var lastLook: String { lastLookAt.map { $0.relative() } ?? "never" }

    /// `acme is left alone, tried again in 12 s`, and what else is known, line by line.
    var lines: [String] {
        var first = "\(driver): \(stateInWords)"
        if let nextTryAt { first += ", tried again \(nextTryAt.relative())" }
        var lines = [first]
        if let reason, !isWell { lines.append(reason) }
        var facts = ["last look \(lastLook)"]
        if let calls, let failures { facts.append("\(calls) \(calls == 1 ? "call" : "calls"), \(failures) failed") }
        lines.append(facts.joined(separator: "; "))
        if let lastError, lastError != reason {
            lines.append("last error\(lastFailureAt.map { " \($0.relative())" } ?? ""): \(lastError)")
        }
        return lines
    }
}
