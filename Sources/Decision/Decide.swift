/// Decides for one fleet at one instant.
///
/// Pure: no clock, no I/O, no randomness, no state but the input; equal inputs give equal decisions, to the byte. There is no input for
/// which it traps: what cannot be right (negative counts, NaN, no personas) is held within bounds or read as not known.
///
/// - Complexity: O(forecast steps + past decisions + resource groups × personas²), whatever the counts.
package func decide(_ input: DecisionInput) -> Decision {
    var deliberation = Deliberation(input)
    deliberation.predict()
    deliberation.merge()
    deliberation.chooseMix()
    deliberation.passRails()
    return deliberation.conclude()
}
