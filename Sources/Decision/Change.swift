import Domain

/// What starts and what retires, before it becomes a plan.
struct Change: Equatable {
    /// In the order to try.
    var start: [PersonaCount] = []
    var retire: [ResourceGroup] = []

    var isEmpty: Bool { start.isEmpty && retire.isEmpty }

    var started: Int { start.reduce(0) { Count.sum($0, $1.count) } }
    var retired: Int { retire.reduce(0) { Count.sum($0, $1.count) } }

    /// How many there are after it.
    func count(from current: Int) -> Int { Count.bounded(current + started - retired) }

    /// Makes up to `count` resources of a persona fewer: what has not started first, then more that retire.
    ///
    /// Returns how many.
    mutating func take(_ count: Int, of persona: String, standing: Standing) -> Int {
        var left = count
        for index in start.indices.reversed() where start[index].persona == persona {
            let taken = min(left, start[index].count)
            start[index].count -= taken
            left -= taken
        }
        start.removeAll { $0.count == 0 }
        return count - left + retire(left, of: persona, standing: standing)
    }

    /// Retires up to `count` more of a persona, in the order of retirement.
    ///
    /// Returns how many.
    private mutating func retire(_ count: Int, of persona: String, standing: Standing) -> Int {
        var left = count
        for group in standing.retirable where left > 0 && standing.rules(of: group.persona)?.name == persona {
            let index = retire.firstIndex { $0.isSame(as: group) }
            let free = group.count - (index.map { retire[$0].count } ?? 0)
            let taken = min(left, free)
            guard taken > 0 else { continue }
            if let index {
                retire[index].count += taken
            } else {
                var part = group
                part.count = taken
                retire.append(part)
            }
            left -= taken
        }
        return count - left
    }
}

extension ResourceGroup {
    /// Nothing tells them apart.
    func isSame(as other: ResourceGroup) -> Bool {
        persona == other.persona && state == other.state && since == other.since && assigned == other.assigned
    }
}

extension [ResourceGroup] {
    /// The first `count` resources.
    func taking(_ count: Int) -> [ResourceGroup] {
        var left = count
        var groups: [ResourceGroup] = []
        for var group in self where left > 0 {
            group.count = Swift.min(group.count, left)
            left -= group.count
            groups.append(group)
        }
        return groups
    }
}
