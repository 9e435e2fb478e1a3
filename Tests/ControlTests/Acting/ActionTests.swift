import Domain
import Drivers
import Foundation
import StateStore
import Testing

@testable import Control

/// One action by itself: what moves it, what does not, and when it is given up.
struct ActionTests {
    typealias State = StoredAction.State
    static let noon = Timestamp(milliseconds: 1_772_452_800_000)
    static let start = ActionBody.start(persona: "web", count: 3, fallbacks: ["safe"])
    static let retire = ActionBody.retire(ids: ["web-1", "web-2"])
    static let assign = ActionBody.assign(resource: "web-1", persona: "safe", until: nil, reason: "calm")
    static let configure = ActionBody.configure([.init(resource: "web-1", persona: "web", digest: "d1")])

    static func sight(_ resources: (id: String, state: ResourceState, key: String?)...) -> FleetSight {
        FleetSight(
            resources.map { one in
                DescribedResource(
                    resource: Resource(id: one.id, persona: "web", state: one.state, since: noon),
                    key: one.key,
                    configuration: "d0"
                )
            }
        )
    }

    /// Of the action's own, as a driver reports them.
    static let one = sight(("web-1", .starting, "shop/1/start/0/web"))
    static let nothing = sight()

    /// An action of each state, got there by the events that lead to it.
    static func action(_ state: State, _ body: ActionBody = start) -> Action {
        let expires = state == .awaiting || state == .withdrawn ? noon + .minutes(15) : nil
        var action = Action(body, key: "shop/1/start/0", fleet: "shop", decided: noon, expires: expires)
        let way: [Action.Event] =
            switch state {
            case .awaiting, .planned, .rejected: []
            case .prechecked: [.prechecked]
            case .applied: [.prechecked, .answered(ids: ["web-1", "web-2"], refused: 1, reason: "no room")]
            case .failed: [.objection("no")]
            case .verified: [.looked(sight(("web-1", .ready, "shop/1/start/0/web"), ("web-2", .draining, nil)))]
            case .compensated: [.objection("no"), .looked(nothing)]
            case .withdrawn: [.withdrawn("nobody wants it")]
            }
        for event in way { action.take(event, at: noon) }
        guard state == .rejected else { return action }
        // A person's word is written into the store, not said to the action.
        var stored = action.stored
        stored.state = .rejected
        return Action(stored) ?? action
    }

    enum Happens: CaseIterable {
        case prechecked
        case objection
        case answered
        case failsForNow
        case failsForGood
        case seen
        case notSeen
        case withdrawn

        var event: Action.Event {
            switch self {
            case .prechecked: .prechecked
            case .objection: .objection("max is 4")
            case .answered: .answered(ids: ["web-1"], refused: 0, reason: nil)
            case .failsForNow: .callFailed("no answer", isFinal: false)
            case .failsForGood: .callFailed("no", isFinal: true)
            case .seen: .looked(ActionTests.one)
            case .notSeen: .looked(ActionTests.nothing)
            case .withdrawn: .withdrawn("nobody wants it")
            }
        }
    }

    /// The arrows of the diagram; what is not here cannot happen.
    static let arrows: [State: [Happens: State]] = [
        .awaiting: [.withdrawn: .withdrawn],
        .planned: [.prechecked: .prechecked, .objection: .failed, .seen: .verified],
        .prechecked: [
            .objection: .failed, .answered: .applied, .failsForNow: .prechecked, .failsForGood: .failed,
            .seen: .verified,
        ],
        // The second of two is not seen yet.
        .applied: [.seen: .applied],
        .failed: [.seen: .compensated, .notSeen: .compensated],
    ]

    /// Of these the state stays and what is known grows.
    static let learns: [(State, Happens)] = [(.prechecked, .failsForNow), (.applied, .seen)]

    @Test(arguments: State.allCases, Happens.allCases)
    func eachStateTakesEachEventAsTheDiagramSays(state: State, happens: Happens) throws {
        let before = Self.action(state)
        #expect(before.state == state)
        var after = before
        after.take(happens.event, at: Self.noon + .seconds(1))
        let next = Self.arrows[state]?[happens]
        #expect(after.state == next ?? state)
        if next == nil { #expect(after == before, "what cannot happen leaves it as it is") }
        if next != nil, next != state { #expect(after.stored.changed == Self.noon + .seconds(1)) }
        if Self.learns.contains(where: { $0 == state && $1 == happens }) {
            #expect(after != before)
            #expect(after.stored.changed == before.stored.changed)
        }
        // What is stored says all.
        #expect(Action(after.stored) == after)
        #expect(after.key == before.key && after.body == before.body)
    }

    @Test(arguments: State.allCases) func onlyWhatMayBeCalledIsDue(state: State) {
        #expect(Self.action(state).isDue == (state == .planned || state == .prechecked))
    }

    @Test func itIsGivenUpAfterTheLastAttempt() throws {
        var action = Self.action(.prechecked)
        for attempt in 1..<Action.mostAttempts {
            action.take(.callFailed("no answer", isFinal: false), at: Self.noon + .seconds(Int64(attempt)))
            #expect(
                action.state == .prechecked && action.progress.attempts == attempt && action.stored.note == "no answer"
            )
            // A kill in between takes nothing from the count.
            action = try #require(Action(action.stored))
        }
        action.take(.callFailed("no answer", isFinal: false), at: Self.noon + .minutes(1))
        #expect(action.state == .failed)
        #expect(action.stored.note == "given up after 5 attempts: no answer")
    }

    @Test(arguments: [State.planned, .prechecked]) func anOldOneIsNotBegunAndNotTriedAgain(state: State) {
        var action = Self.action(state)
        action.take(.looked(Self.nothing), at: Self.noon + Action.life)
        #expect(action.state == state)
        var seen = action
        action.take(.looked(Self.nothing), at: Self.noon + Action.life + TimeSpan(milliseconds: 1))
        #expect(action.state == .failed && action.stored.note.contains("too old"))
        // However old: what is there was done.
        seen.take(.looked(Self.one), at: Self.noon + .days(1))
        #expect(seen.state == .verified && seen.progress.ids == ["web-1"])
    }

    @Test func whatWasSaidHasItsTimeToBeSeen() {
        let applied = Self.action(.applied)
        #expect(applied.progress.unseen == ["web-1", "web-2"] && applied.stored.note == "1 could not be had: no room")
        let end = Self.noon + Action.patience
        var never = applied
        never.take(.looked(Self.nothing), at: end - TimeSpan(milliseconds: 1))
        #expect(never == applied)
        never.take(.looked(Self.nothing), at: end)
        #expect(never.state == .failed)
        #expect(never.stored.note == "2 of 2 cannot be seen to be so: web-1, web-2")
        // Half of it: what is there counts, and the rest is said.
        var half = applied
        half.take(.looked(Self.one), at: Self.noon + .seconds(5))
        #expect(half.state == .applied && half.progress.unseen == ["web-2"])
        half.take(.looked(Self.one), at: end)
        #expect(half.state == .verified && half.stored.note == "1 of 2 cannot be seen to be so: web-2")
        var whole = applied
        whole.take(
            .looked(Self.sight(("web-1", .ready, nil), ("web-2", .starting, nil))),
            at: Self.noon + .seconds(5)
        )
        #expect(whole.state == .verified && whole.stored.note == "1 could not be had: no room")
    }

    @Test func retiredIsWhatDoesNotServeAnyMore() {
        let both = Self.sight(("web-1", .ready, nil), ("web-2", .starting, nil))
        let left = Self.sight(("web-1", .draining, nil))
        var action = Self.action(.prechecked, Self.retire)
        action.take(.looked(both), at: Self.noon)
        #expect(action.state == .prechecked)
        action.take(.looked(left), at: Self.noon)
        #expect(action.state == .verified && action.progress.ids == ["web-1", "web-2"])
        action = Self.action(.prechecked, Self.retire)
        action.take(.answered(ids: ["web-1"], refused: 0, reason: nil), at: Self.noon)
        action.take(.looked(both), at: Self.noon)
        #expect(action.state == .applied && action.progress.unseen == ["web-1"])
        action.take(.looked(left), at: Self.noon)
        #expect(action.state == .verified)
    }

    @Test func anAssignmentIsOursAndDoneWhenItIsSaid() {
        var action = Self.action(.prechecked, Self.assign)
        action.take(.looked(Self.one), at: Self.noon)
        #expect(action.state == .prechecked)
        action.take(.answered(ids: [], refused: 0, reason: nil), at: Self.noon)
        #expect(action.state == .verified)
    }

    @Test func configuringIsWorkedOutAnewRatherThanTriedAgain() {
        var cut = Self.action(.prechecked, Self.configure)
        cut.take(.looked(Self.one), at: Self.noon)
        #expect(cut.state == .failed && cut.stored.note.contains("cut off"))
        let done = DescribedResource(
            resource: Resource(id: "web-1", persona: "web", state: .ready, since: Self.noon),
            configuration: "d1"
        )
        var seen = Self.action(.prechecked, Self.configure)
        seen.take(.looked(FleetSight([done])), at: Self.noon)
        #expect(seen.state == .verified)
        // A driver that cannot tell is believed, and one that is gone needs nothing.
        for described in [[], [DescribedResource(resource: done.resource)]] {
            var action = Self.action(.prechecked, Self.configure)
            action.take(.answered(ids: ["web-1"], refused: 0, reason: nil), at: Self.noon)
            action.take(.looked(FleetSight(described)), at: Self.noon)
            #expect(action.state == .verified)
        }
    }

    @Test func whatAFailedOneLeftIsSaid() {
        var action = Self.action(.failed)
        action.take(.looked(Self.one), at: Self.noon)
        #expect(action.state == .compensated && action.stored.note == "no; 1 of it are there and count")
    }

    @Test func nobodysWordInTimeIsNone() {
        var action = Self.action(.awaiting)
        action.take(.looked(Self.one), at: Self.noon + .minutes(15) - TimeSpan(milliseconds: 1))
        #expect(action.state == .awaiting)
        action.take(.looked(Self.one), at: Self.noon + .minutes(15))
        #expect(action.state == .withdrawn && action.stored.note.hasPrefix("nobody approved it until "))
    }

    @Test func whatCannotBeReadIsNoAction() {
        var stored = Self.action(.prechecked).stored
        stored.progress = Data("{}?".utf8)
        #expect(
            Action(stored)?.progress == ActionProgress(),
            "one that lost its progress is tried as for the first time"
        )
        stored.body = Data("start everything".utf8)
        #expect(Action(stored) == nil)
    }
}
