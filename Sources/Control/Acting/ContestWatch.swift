import Domain
import Drivers

/// Notices that somebody else changes a fleet: an autoscaler that was left running, a colleague, another Troupe.
///
/// What appears without having been asked for here is somebody's. What served and goes without having been told to may have died by
/// itself; that counts only where it undoes a scale-out of the last minutes, for then two are at work.
struct ContestWatch: Sendable {
    static let window = TimeSpan.hours(1)
    /// A scale-out is undone within this.
    static let undoing = TimeSpan.minutes(10)
    /// So many within the window, and the fleet is held.
    static let most = 3

    private var states: [String: ResourceState] = [:]
    private var hasLooked = false
    /// Those that we told to leave.
    private var retired: Set<String> = []
    private var lastStart: (at: Timestamp, count: Int)?

    mutating func retire(_ ids: some Sequence<String>) { retired.formUnion(ids) }

    mutating func start(_ count: Int, at now: Timestamp) {
        guard count > 0 else { return }
        lastStart = (now, count)
    }

    /// Takes a look; answers what somebody else did since the last one.
    ///
    /// - Parameter isOurs: whether a resource that is new was asked for here.
    mutating func look(at resources: [DescribedResource], now: Timestamp, isOurs: (DescribedResource) -> Bool)
        -> String?
    {
        let before = states
        states = Dictionary(resources.map { ($0.resource.id, $0.resource.state) }) { a, _ in a }
        defer {
            hasLooked = true
            retired.formIntersection(states.keys)
        }
        guard hasLooked else { return nil }
        let appeared = resources.count {
            before[$0.resource.id] == nil && !retired.contains($0.resource.id) && !isOurs($0)
        }
        if appeared > 0 { return "\(appeared) resources appeared that Troupe did not ask for" }
        guard let lastStart, now - lastStart.at <= Self.undoing else { return nil }
        let left = before.count { id, state in
            guard state == .ready, !retired.contains(id) else { return false }
            return states[id] == nil || states[id] == .draining
        }
        guard left > 0, left * 2 >= lastStart.count else { return nil }
        return "\(left) resources left that Troupe did not retire, soon after it had started \(lastStart.count)"
    }
}
