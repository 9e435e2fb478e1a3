package import Domain

/// The time that the loop lives in.
///
/// A server's is the wall clock, a demo's runs faster, a test's stands until it is moved. It never goes back.
package protocol LoopClock: Sendable {
    var now: Timestamp { get }

    /// Returns once `now` is at or after `time`; at once where it is already.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func sleep(until time: Timestamp) async throws
}
