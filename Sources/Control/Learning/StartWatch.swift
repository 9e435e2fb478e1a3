import Domain
import Drivers

/// Watches resources start, from one look at the fleet to the next.
struct StartWatch: Sendable {
    /// A start that is over, or will never be.
    struct Ended: Sendable, Equatable {
        var persona: String
        var time: TimeSpan
        var isCensored: Bool
    }

    private struct Start: Sendable {
        var persona: String
        var since: Timestamp
    }

    private var starting: [String: Start] = [:]
    private var seen: Set<String> = []
    private var hasLooked = false
    /// Those that we took away: that they never became ready says nothing.
    private var retired: Set<String> = []

    mutating func retire(_ ids: [String]) { retired.formUnion(ids) }

    /// How long those of a persona that are starting have been waited for.
    func waiting(for persona: String, at now: Timestamp) -> [TimeSpan] {
        starting.values.filter { $0.persona == persona }.map { max(.zero, now - $0.since) }.sorted()
    }

    /// Takes a look; answers the starts that have ended since the last, sorted by persona and time.
    mutating func look(at resources: [DescribedResource], now: Timestamp) -> [Ended] {
        var ended: [Ended] = []
        var still: [String: Start] = [:]
        var here: Set<String> = []
        for described in resources where described.resource.managed {
            let resource = described.resource
            here.insert(resource.id)
            switch resource.state {
            case .starting:
                // An action may have awaited a person's word, or been tried for a while, since it was decided.
                let since = described.isSinceKnown ? resource.since : now
                still[resource.id] = starting[resource.id] ?? Start(persona: resource.persona, since: since)
            case .ready:
                let start =
                    starting[resource.id]
                    // Started and ready between two looks: the driver must say when.
                    ?? (hasLooked && !seen.contains(resource.id) && described.readyAt != nil && described.isSinceKnown
                        ? Start(persona: resource.persona, since: resource.since) : nil)
                guard let start else { continue }
                ended.append(
                    Ended(persona: start.persona, time: (described.readyAt ?? now) - start.since, isCensored: false)
                )
            case .draining, .gone: continue
            }
        }
        for (id, start) in starting where !here.contains(id) && !retired.contains(id) {
            ended.append(Ended(persona: start.persona, time: now - start.since, isCensored: true))
        }
        starting = still
        seen = here
        retired.formIntersection(here)
        hasLooked = true
        return ended.sorted {
            ($0.persona, $0.time, $0.isCensored ? 1 : 0) < ($1.persona, $1.time, $1.isCensored ? 1 : 0)
        }
    }
}
