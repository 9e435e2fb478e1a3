import Control
import Domain

/// Where a page of resources ends: fleet and id of its last one.
///
/// A key, not a position: resources that come and go between two pages neither repeat nor hide others. Any text is a place in the order.
struct ResourceCursor: Comparable {
    var fleet: String
    var id: String

    init(_ status: ResourceStatus) {
        fleet = status.fleet
        id = status.resource.id
    }

    init(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        fleet = PercentCoding.decode(parts[0]) ?? String(parts[0])
        id = parts.count > 1 ? PercentCoding.decode(parts[1]) ?? String(parts[1]) : ""
    }

    var text: String { PercentCoding.encode(fleet) + "/" + PercentCoding.encode(id) }

    static func < (a: ResourceCursor, b: ResourceCursor) -> Bool { (a.fleet, a.id) < (b.fleet, b.id) }
}
