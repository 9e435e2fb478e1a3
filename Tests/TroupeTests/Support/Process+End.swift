import Foundation
import TestSupport

extension Process {
    /// Runs it to its end without holding a thread of the tasks: on two cores these are two, and servers under test run on them.
    func runToTheEnd() async throws -> Int32 {
        try await withCheckedThrowingContinuation { done in
            terminationHandler = { done.resume(returning: $0.terminationStatus) }
            do {
                try start()
            } catch {
                terminationHandler = nil
                done.resume(throwing: error)
            }
        }
    }
}
