import Decision
import Domain
import Foundation
import StateStore

/// What the loop learns of a fleet beside its forecast, and how it is kept: each kind as JSON in a row of its own.
struct LearnedFacts: Sendable, Equatable {
    /// By persona.
    var startTimes: [String: StartTimes] = [:]
    var served: [String: ServedCapacity] = [:]
    /// What the rails of later decisions must know of earlier ones.
    var past: [PastDecision] = []
    /// When somebody else changed the fleet, within the last hour.
    var contests: [Timestamp] = []

    init() {}

    private static let startTimesKind = "start times"
    private static let servedKind = "served"
    private static let pastKind = "past"
    private static let contestsKind = "contests"

    /// What cannot be read any more is learned anew: it is worth less than a start.
    mutating func restore(_ memory: FleetMemory) {
        func decoded<Value: Decodable>(_ type: Value.Type) -> Value? {
            try? JSONDecoder().decode(type, from: memory.data)
        }
        switch memory.kind {
        case Self.startTimesKind: startTimes = decoded([String: StartTimes].self) ?? startTimes
        case Self.servedKind: served = decoded([String: ServedCapacity].self) ?? served
        case Self.pastKind: past = decoded([PastDecision].self) ?? past
        case Self.contestsKind: contests = decoded([Timestamp].self) ?? contests
        default: break
        }
    }

    /// The kinds that differ from `before`, to be stored.
    func changes(since before: LearnedFacts, of fleet: String, at time: Timestamp) -> [FleetMemory] {
        var memories: [FleetMemory] = []
        func add(_ kind: String, _ value: some Encodable) {
            guard let bytes = try? JSONLineEncoder.encode(value) else { return }
            memories.append(FleetMemory(fleet: fleet, kind: kind, at: time, data: Data(bytes)))
        }
        if past != before.past { add(Self.pastKind, past) }
        if contests != before.contests { add(Self.contestsKind, contests) }
        if startTimes != before.startTimes { add(Self.startTimesKind, startTimes) }
        if served != before.served { add(Self.servedKind, served) }
        return memories
    }
}
