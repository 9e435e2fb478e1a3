package import StateStore

/// All that was ever assigned to a resource.
package struct AssignmentHistory: Sendable, Equatable {
    /// No driver reports it any more; nil while some fleet has not been seen yet since the start.
    package var isGone: Bool?
    /// Oldest first.
    package var assignments: [StoredAssignment]

    package init(isGone: Bool?, assignments: [StoredAssignment]) {
        self.isGone = isGone
        self.assignments = assignments
    }
}
