/// What kept a script or driver from being run until a person lifted it.
package struct LiftedHold: Sendable, Codable, Equatable {
    package var script: String
    /// Of a driver, whose fleets are held one by one; nil: whoever runs it.
    package var fleet: String?
    /// Why it was held.
    package var reason: String

    package init(script: String, fleet: String? = nil, reason: String) {
        self.script = script
        self.fleet = fleet
        self.reason = reason
    }

    /// `policies/scaling/hog.lua (It cost 3 workers, …)`.
    package var inWords: String {
        script + (fleet.map { " of fleet \($0)" } ?? "") + (reason.isEmpty ? "" : " (\(reason))")
    }
}
