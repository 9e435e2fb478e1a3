/// What all fleets together may still take, as it stood when a fleet was decided.
///
/// It keeps resources from starting and removes none; the way up to the fleet's minimum stays free.
package struct SharedBudget: Hashable, Sendable, Codable {
    /// What all fleets may cost an hour, and what of that nobody has taken yet.
    package var costPerHour: Double?
    package var costLeft: Double?
    /// How many resources may be starting at once, and how many more may.
    package var starts: Int?
    package var startsLeft: Int?

    package init(costPerHour: Double? = nil, costLeft: Double? = nil, starts: Int? = nil, startsLeft: Int? = nil) {
        self.costPerHour = costPerHour
        self.costLeft = costLeft
        self.starts = starts
        self.startsLeft = startsLeft
    }

    private enum CodingKeys: String, CodingKey {
        case costPerHour = "cost_per_hour"
        case costLeft = "cost_left"
        case starts
        case startsLeft = "starts_left"
    }
}
