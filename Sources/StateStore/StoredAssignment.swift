package import Domain

/// An assignment with its number in the store.
package struct StoredAssignment: Hashable, Sendable {
    /// Numbers are never used twice, and grow.
    package let id: Int64
    package let assignment: Assignment
    /// Who ended it before its time, nil where nobody did.
    package let endedBy: String?

    package init(id: Int64, assignment: Assignment, endedBy: String?) {
        self.id = id
        self.assignment = assignment
        self.endedBy = endedBy
    }

    /// True if it would hold at `time`, were there no other: `from ≤ time < until`.
    package func covers(_ time: Timestamp) -> Bool {
        assignment.from <= time && assignment.until.map { time < $0 } ?? true
    }
}
