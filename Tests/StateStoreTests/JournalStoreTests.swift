import Domain
import Foundation
import StateStore
import Testing

/// What the store promises of actions, people's words and the chain of decisions.
struct JournalStoreTests {
    let store: StateStore

    init() throws { store = try StateStore.inMemory() }

    private func at(_ time: Int64) -> Timestamp { Timestamp(milliseconds: time) }

    private func action(
        _ key: String,
        _ state: StoredAction.State = .planned,
        fleet: String = "shop",
        at time: Int64 = 1,
        expires: Int64? = nil
    ) -> StoredAction {
        StoredAction(
            key: key,
            fleet: fleet,
            decided: at(1),
            kind: .start,
            state: state,
            summary: "start 3 web",
            body: Data("{}".utf8),
            changed: at(time),
            expires: expires.map(at)
        )
    }

    private func put(_ actions: StoredAction...) throws { try store.record(EvaluationBatch(actions: actions)) }

    @Test func actionsAreFoundByFleetStateAndNumber() throws {
        try put(action("a"), action("b", .verified), action("c", .awaiting, fleet: "depot"))
        #expect(try store.openActions().map(\.key) == ["a", "c"])
        #expect(try store.actions(ActionSelection()).map(\.key) == ["c", "b", "a"])
        #expect(try store.actions(ActionSelection(fleet: "shop", limit: 1)).map(\.key) == ["b"])
        #expect(try store.actions(ActionSelection(states: [.awaiting])).map(\.key) == ["c"])
        #expect(try store.actions(ActionSelection(before: 2)).map(\.key) == ["a"])
        #expect(try store.actions(ActionSelection(states: [])).isEmpty)
        #expect(try store.action(9) == nil)
        var known = action("a")
        known.id = 1
        #expect(try store.action(1) == known)
    }

    @Test func whatIsOverStaysOver() throws {
        try put(action("a"))
        try put(action("a", .prechecked))
        try put(action("a", .verified, at: 5))
        try put(action("a", .planned))
        #expect(try store.action(1)?.state == .verified)
        #expect(try store.openActions().isEmpty)
        #expect(try store.pruneActions(before: at(5)) == 0)
        try put(action("b"))
        #expect(try store.pruneActions(before: at(100)) == 1)
        #expect(try store.actions(ActionSelection()).map(\.key) == ["b"])
    }

    @Test func aPersonsWordIsSaidOnceAndKept() throws {
        try put(action("a", .awaiting, expires: 100), action("b", .awaiting, expires: 100))
        let yes = try store.decideAction(1, approve: true, at: at(50), by: "ada", note: "approved by ada")
        #expect(yes.state == .planned && yes.decidedBy == "ada")
        // Who did not know of it yet takes nothing back.
        try put(action("a", .withdrawn))
        #expect(try store.action(1)?.state == .planned)
        for (id, time, code) in [(1, 60, StateStoreError.Code.conflict), (2, 100, .conflict), (7, 1, .notFound)] {
            let error = #expect(throws: StateStoreError.self) {
                try store.decideAction(Int64(id), approve: false, at: at(Int64(time)), by: "bob", note: "")
            }
            #expect(error?.code == code)
        }
        try put(action("b", .withdrawn))
        #expect(try store.action(2)?.state == .withdrawn)
    }

    @Test func wordsOnFleetsHoldUntilTheirEnd() throws {
        let pause = OperatorOverride(pause: .in, until: at(100), by: "ada", reason: "r")
        let scale = OperatorOverride(min: 5, max: 9, by: "bob")
        let stored = try store.replaceOverrides(
            ending: [],
            with: [
                StoredOverride(fleet: "shop", from: at(1), word: pause),
                StoredOverride(fleet: nil, from: at(1), word: scale, isContention: true),
            ],
            at: at(1),
            by: "ada"
        )
        #expect(stored.map(\.id) == [1, 2])
        #expect(try store.overrides(endingAfter: at(50)) == stored)
        #expect(try store.overrides(endingAfter: at(100)) == [stored[1]])
        try store.replaceOverrides(ending: [1, 2], with: [], at: at(60), by: "eve")
        #expect(try store.overrides(endingAfter: at(60)).isEmpty)
        #expect(try store.overrides(endingAfter: at(59)).map(\.endedBy) == ["eve", "eve"])
    }

    @Test func aLinkFollowsTheLastOneOrNothingIsStored() throws {
        func decision(_ number: Int64) -> StoredDecision {
            StoredDecision(
                fleet: "shop",
                at: at(number * 10),
                outcome: "hold",
                current: 1,
                target: 1,
                reason: "",
                inputDigest: "",
                trace: .digest,
                sequence: number,
                link: Data([UInt8(number)])
            )
        }
        try store.record(EvaluationBatch(decisions: [decision(1), decision(2)]))
        #expect(try store.logHeads() == [LogHead(fleet: "shop", length: 2, head: Data([2]))])
        for number in [2, 4] as [Int64] {
            let error = #expect(throws: StateStoreError.self) {
                try store.record(EvaluationBatch(decisions: [decision(number)]))
            }
            #expect(error?.code == .conflict)
        }
        try store.record(EvaluationBatch(decisions: [decision(3)]))
        #expect(try store.linkedDecisions(of: "shop", after: 1, limit: 1) == [decision(2)])
        // Retention by time leaves what is linked; the log forgets from a checkpoint on, but never the last one.
        #expect(try store.pruneDecisions(before: at(1000)) == 0)
        let checkpoint = StoredCheckpoint(
            at: at(30),
            heads: Data(),
            headsDigest: Data(),
            previous: Data(),
            seal: Data()
        )
        try store.add(checkpoint)
        #expect(try store.pruneLog(to: 1, heads: store.logHeads(), base: Data([1])) == 2)
        #expect(try store.linkedDecisions(of: "shop", after: 0, limit: 9) == [decision(3)])
        #expect(try store.lastCheckpoint()?.base == Data([1]))
    }

    @Test func ofAnHoursCheckpointsTheFirstAndTheLastKeepTheirHeads() throws {
        for minute in 0..<130 {
            let at = Timestamp(milliseconds: Int64(minute) * 60_000)
            try store.add(
                StoredCheckpoint(at: at, heads: Data([1]), headsDigest: Data(), previous: Data(), seal: Data([2]))
            )
        }
        let kept = try store.checkpoints().filter { $0.heads != nil }.map { $0.at.milliseconds / 60_000 }
        #expect(kept == [0, 60, 120, 129])
    }
}
