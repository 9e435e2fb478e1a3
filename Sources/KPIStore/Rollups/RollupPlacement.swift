/// Which groups a series belongs to.
///
/// Found once per series: by its metric, then by one label that a definition names with its value. So placing a series costs the
/// same with ten thousand fleets as with ten.
struct RollupPlacement {
    private struct Metric {
        /// Label → value → definitions that ask for just that.
        var byLabel: [String: [String: [Int]]] = [:]
        /// Definitions that name no value.
        var others: [Int] = []
    }

    private struct Link {
        var group: Int32
        var member: Int32
        var next: Int32
    }

    private static let unknown: Int32 = -2
    private static let none: Int32 = -1

    private var metrics: [String: Metric] = [:]
    /// First link of each slot, `none` or `unknown`.
    private var heads: [Int32] = []
    private var links: [Link] = []

    init(_ definitions: [RollupDefinition] = []) {
        for (index, definition) in definitions.enumerated() {
            var metric = metrics[definition.metric] ?? Metric()
            let equal = definition.matchers.lazy
                .compactMap { matcher -> (label: String, value: String)? in
                    guard case .equal(let label, let value) = matcher else { return nil }
                    return (label, value)
                }
                // The value that tells most apart: a fleet's name, not the job that all have.
                .max { a, b in
                    metric.byLabel[a.label]?.count ?? 0 < metric.byLabel[b.label]?.count ?? 0
                }
            if let equal {
                metric.byLabel[equal.label, default: [:]][equal.value, default: []].append(index)
            } else {
                metric.others.append(index)
            }
            metrics[definition.metric] = metric
        }
    }

    /// Indices of the definitions that may mean the series.
    func candidates(for key: SeriesKey) -> [Int] {
        guard let metric = metrics[key.name] else { return [] }
        var found = metric.others
        for (label, values) in metric.byLabel { found += values[key.label(label) ?? ""] ?? [] }
        return found.sorted()
    }

    // MARK: Slots

    func isKnown(_ slot: Int) -> Bool { slot < heads.count && heads[slot] != Self.unknown }

    mutating func setMembers(_ members: [(group: Int, member: Int)], of slot: Int) {
        if slot >= heads.count {
            heads.append(contentsOf: repeatElement(Self.unknown, count: slot + 1 - heads.count))
        }
        heads[slot] = Self.none
        for (group, member) in members {
            links.append(Link(group: Int32(group), member: Int32(member), next: heads[slot]))
            heads[slot] = Int32(links.count - 1)
        }
    }

    /// The link after `link`; begin with `nil`. Only of a known slot.
    @inline(__always)
    func next(_ slot: Int, after link: Int32?) -> Int32? {
        let next = link.map { links[Int($0)].next } ?? heads[slot]
        return next >= 0 ? next : nil
    }

    @inline(__always)
    func place(_ link: Int32) -> (group: Int, member: Int) {
        (Int(links[Int(link)].group), Int(links[Int(link)].member))
    }

    /// All slots must be found again: members have new numbers.
    mutating func forgetSlots() {
        heads = []
        links = []
    }
}
