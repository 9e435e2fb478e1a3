package import Domain

/// Who shall play what, for how long, and why.
package struct AssignmentRequest: Sendable, Equatable {
    /// One resource by id, or all that a selector means.
    package enum Subject: Sendable, Equatable {
        case resource(String)
        /// Resources of a fleet (nil: of any) that have all of these labels.
        case selector(fleet: String?, labels: [Setting])
    }

    package var subject: Subject
    package var persona: String
    /// nil: until it is released.
    package var duration: TimeSpan?
    package var priority: Assignment.Priority
    package var reason: String

    package init(
        subject: Subject,
        persona: String,
        duration: TimeSpan? = nil,
        priority: Assignment.Priority = .person,
        reason: String
    ) {
        self.subject = subject
        self.persona = persona
        self.duration = duration
        self.priority = priority
        self.reason = reason
    }
}
