package import Domain

/// An assignment as it is shown.
package struct AssignmentSummary: Sendable, Codable, Equatable {
    package var id: Int64
    package var assignment: Assignment
    package var endedBy: String?

    package init(id: Int64, assignment: Assignment, endedBy: String?) {
        self.id = id
        self.assignment = assignment
        self.endedBy = endedBy
    }
}
