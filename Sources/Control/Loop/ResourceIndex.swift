import Domain
import Drivers
import Synchronization

/// Finds a resource by its id, whatever the number of fleets: agents ask for theirs every half second.
///
/// Lanes keep it; it says what they last showed.
final class ResourceIndex: Sendable {
    struct Place: Sendable {
        var fleet: String
        var described: DescribedResource
    }

    private let places = Mutex<[String: Place]>([:])

    func find(_ id: String) -> Place? { places.withLock { $0[id] } }

    /// The fleets of those resources that are known.
    func fleets(of ids: Set<String>) -> Set<String> {
        places.withLock { places in Set(ids.compactMap { places[$0]?.fleet }) }
    }

    /// A fleet has these resources now, and had those.
    func replace(_ before: [DescribedResource], with after: [DescribedResource], of fleet: String) {
        guard before != after else { return }
        places.withLock { places in
            for described in after { places[described.resource.id] = Place(fleet: fleet, described: described) }
            let here = Set(after.map(\.resource.id))
            for described in before {
                let id = described.resource.id
                // It may have been taken over by another fleet meanwhile.
                if !here.contains(id), places[id]?.fleet == fleet { places[id] = nil }
            }
        }
    }
}
