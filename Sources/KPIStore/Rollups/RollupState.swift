/// What the engine holds in memory, under its lock.
struct RollupState {
    struct Name: Hashable {
        var fleet: String
        var kpi: String
    }

    private(set) var definitions: [RollupDefinition] = []
    var groups: [RollupGroup] = []
    private var groupOfName: [Name: Int] = [:]
    private(set) var groupsOfFleet: [String: [Int]] = [:]
    var placement = RollupPlacement()
    /// Samples after it wait: a clock that is wrong must not fill memory with years to come.
    var latest = Int64.max
    /// How many prunings the members know of.
    var prunings = 0

    func group(fleet: String, kpi: String) -> Int? { groupOfName[Name(fleet: fleet, kpi: kpi)] }

    /// Groups in the order of their definitions; of two of one name the later holds.
    mutating func setGroups(_ new: [RollupGroup]) {
        groups = new
        definitions = new.map(\.definition)
        groupOfName = [:]
        groupsOfFleet = [:]
        for (index, definition) in definitions.enumerated() {
            groupOfName[Name(fleet: definition.fleet, kpi: definition.kpi)] = index
            groupsOfFleet[definition.fleet, default: []].append(index)
        }
        placement = RollupPlacement(definitions)
    }

    /// Finds the groups of a series; nil for one that the store has forgotten.
    mutating func place(_ slot: Int, _ key: SeriesKey?) {
        guard let key else {
            placement.setMembers([], of: slot)
            return
        }
        var members: [(group: Int, member: Int)] = []
        for index in placement.candidates(for: key) where definitions[index].matches(key) {
            members.append((index, groups[index].member(slot: slot, key: key)))
        }
        placement.setMembers(members, of: slot)
    }
}
