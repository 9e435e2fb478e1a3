import Decision
import Testing

/// An input with what was decided on it; a failure names its seed.
struct AnyCase {
    let seed: UInt64
    let isAbsurd: Bool
    let input: DecisionInput
    let decision: Decision

    /// Made once for all properties: every second one is absurd.
    static let all: [AnyCase] = (0..<UInt64(4000))
        .map { seed in
            let isAbsurd = seed % 2 == 1
            var any = AnyInput(seed: seed, absurd: isAbsurd)
            let input = any.make()
            return AnyCase(seed: seed, isAbsurd: isAbsurd, input: input, decision: decide(input))
        }

    /// A check that costs nothing where it holds: there are thousands.
    func expect(
        _ condition: Bool,
        _ what: @autoclosure () -> String = "",
        at location: Testing.SourceLocation = #_sourceLocation
    ) {
        if !condition { Issue.record("seed \(seed): \(what())", sourceLocation: location) }
    }
}
