package import Domain
package import Foundation

/// What the loop has learned of a fleet and must not forget: of one kind, as the loop encoded it.
///
/// Opaque here.
package struct FleetMemory: Hashable, Sendable {
    package var fleet: String
    package var kind: String
    /// The evaluation after which it was so.
    package var at: Timestamp
    package var data: Data

    package init(fleet: String, kind: String, at: Timestamp, data: Data) {
        self.fleet = fleet
        self.kind = kind
        self.at = at
        self.data = data
    }
}
