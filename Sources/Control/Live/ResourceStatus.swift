package import Domain

/// A resource with the assignment that holds.
package struct ResourceStatus: Sendable, Codable, Equatable {
    package var fleet: String
    package var resource: Resource
    /// nil: the fleet's default persona, or the one it was started with.
    package var assignment: AssignmentSummary?
    /// Digest of the files it was configured with; nil where it has none.
    package var configuration: String?

    package init(fleet: String, resource: Resource, assignment: AssignmentSummary?, configuration: String?) {
        self.fleet = fleet
        self.resource = resource
        self.assignment = assignment
        self.configuration = configuration
    }
}
