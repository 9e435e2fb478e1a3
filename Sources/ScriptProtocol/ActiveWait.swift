/// When either end of a worker's connection stays awake for the other's next word, rather than be woken by it.
///
/// Being woken takes 20 µs and more where a processor sleeps, which is longer than most scripts run. So an end watches for a moment, if
/// the last word came within that moment: a row of short runs is quick, and a quiet worker costs nothing.
package enum ActiveWait {
    /// Nanoseconds.
    package static let longest: Int64 = 100_000

    /// - Parameter nanoseconds: how long the last word took to come.
    package static func isWorthwhile(after nanoseconds: Int64) -> Bool { nanoseconds < longest }
}
