package import Domain

/// How the driver of a fleet fares.
package struct DriverStatus: Sendable, Codable, Equatable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// The last call went well.
        case ok
        /// It was not called yet.
        case notCalled = "not_called"
        /// The last call went wrong; it is tried again.
        case failing
        /// It was called and does not answer.
        case hanging
        /// It failed several times in a row, and is not called for a while.
        case leftAlone = "left_alone"
        /// It broke the rules again and again, and is not called until it changes or a person lifts that.
        case quarantined
    }

    package var driver: String
    package var state: State
    /// What is wrong now; nil where nothing is.
    package var reason: String?
    /// When it last said what is there.
    package var lastLook: Timestamp?
    /// When it is tried again, while something is wrong; nil where nobody knows.
    package var nextTry: Timestamp?
    /// What went wrong last, be it well again since.
    package var lastError: String?
    package var lastFailure: Timestamp?
    /// Since the server was started or the driver changed; nil for one that is built in.
    package var calls: Int?
    package var failures: Int?

    package init(
        driver: String,
        state: State = .ok,
        reason: String? = nil,
        lastLook: Timestamp? = nil,
        nextTry: Timestamp? = nil,
        lastError: String? = nil,
        lastFailure: Timestamp? = nil,
        calls: Int? = nil,
        failures: Int? = nil
    ) {
        self.driver = driver
        self.state = state
        self.reason = reason
        self.lastLook = lastLook
        self.nextTry = nextTry
        self.lastError = lastError
        self.lastFailure = lastFailure
        self.calls = calls
        self.failures = failures
    }
}
