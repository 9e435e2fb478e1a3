import ScriptProtocol

/// Counts what a run looks at, and refuses what is beyond `LookLimits`.
///
/// It counts what the script asks for, not what had to be fetched for it: a run must not end otherwise because of what was sent along.
struct LookBudget {
    private var values: Int64 = 0

    /// Steps of `step` ms that a look over `reach` ms is about.
    static func steps(in reach: Int64, of step: Int64) -> Int64 {
        let step = max(1, step)
        return min(LookLimits.steps, reach / step + (reach % step > 0 ? 1 : 0))
    }

    /// - Parameters:
    ///   - counted: steps of the same thing that were counted before; raised to `steps`.
    ///   - what: how it is called in the error.
    mutating func take(_ steps: Int64, counted: inout Int64, what: String) throws(APIError) {
        guard steps > counted else { return }
        guard values + steps - counted <= LookLimits.values else {
            throw .wrong(
                "\(what): a run may look at \(LookLimits.values) values in all, no more; look less far, or at less"
            )
        }
        values += steps - counted
        counted = steps
    }

    /// How far is fetched for a look over `reach` ms: from the third time on twice as far as before, so that a script whose looks grow step by
    /// step does not have all of it fetched for each.
    static func reach(_ reach: Int64, after fetched: Int64, fetches: Int) -> Int64 {
        fetches < 2 ? reach : max(reach, min(2 * fetched, longestReach))
    }

    /// No duration that a script can write is longer.
    private static let longestReach: Int64 = 3650 * 86_400_000
}
