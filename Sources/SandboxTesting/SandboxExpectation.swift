/// How a hostile script has to end, as an index of attacks says it.
package enum SandboxExpectation: String, Sendable, CaseIterable {
    /// At a limit; an error of the script is as good, where what it wanted is not offered.
    case limit
    /// In an error of the script, or at a limit.
    case error
    /// Anyhow: what counts is that the host and the next script are well.
    case contained

    func allows(_ ending: SandboxEnding) -> Bool {
        switch self {
        case .limit, .error: !ending.isNormal
        case .contained: true
        }
    }
}
