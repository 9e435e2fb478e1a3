/// An assignment as the API says it.
struct AssignmentRow: Decodable {
    let id: Int64
    let resource: String
    let persona: String
    let by: String
    let reason: String
    let priority: AssignmentPriorityArgument
    let from: Moment
    let until: Moment?
    let endedBy: String?

    struct History: Decodable {
        let isGone: Bool?
        let assignments: [AssignmentRow]
    }

    private var rank: (Int, Moment, Int64) {
        (AssignmentPriorityArgument.allCases.firstIndex(of: priority) ?? 0, from, id)
    }

    func covers(_ moment: Moment) -> Bool { from <= moment && until.map { moment < $0 } ?? true }

    /// Of those that cover an instant the one that holds: the highest priority, then the latest.
    static func holding(_ assignments: [AssignmentRow], at moment: Moment) -> AssignmentRow? {
        assignments.filter { $0.covers(moment) }.max { $0.rank < $1.rank }
    }
}

extension AssignmentPriorityArgument: Decodable {}
