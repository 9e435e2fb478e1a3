import Decision
import Domain
import Drivers
import StateStore
import Testing

@testable import Control

/// What is taken as done while nobody knows it yet, and what is still to be stored.
struct JournalBookTests {
    private let noon = ActionTests.noon

    private func described(_ id: String, _ state: ResourceState) -> DescribedResource {
        DescribedResource(resource: Resource(id: id, persona: "web", state: state, since: noon - .hours(1)))
    }

    private func journal(_ state: StoredAction.State, _ body: ActionBody = ActionTests.start) -> Journal {
        var journal = Journal()
        journal.add([ActionTests.action(state, body)])
        return journal
    }

    private func starting(_ journal: Journal, _ there: [DescribedResource]) -> Int {
        journal.assumed([ResourceGroup](there.map(\.resource)), there)
            .filter { $0.state == .starting }.reduce(0) { $0 + $1.count }
    }

    @Test func whatWasAskedForCountsAsStartingUntilItIsSeen() {
        let there = [described("web-9", .ready)]
        for state in [StoredAction.State.planned, .prechecked] {
            #expect(starting(journal(state), there) == 3, "\(state): all three may come")
        }
        #expect(starting(journal(.applied), there) == 2, "what the driver says that it started")
        var half = journal(.applied)
        half.look(at: there + [described("web-1", .starting)], now: noon)
        #expect(
            starting(half, there + [described("web-1", .starting)]) == 2,
            "one is seen, one is not: none counts twice"
        )
        for state in [StoredAction.State.awaiting, .failed, .verified, .compensated, .rejected, .withdrawn] {
            #expect(starting(journal(state), there) == 0, "\(state)")
        }
    }

    @Test func whatWasToldToLeaveServesNoMore() {
        let there = [described("web-1", .ready), described("web-2", .starting), described("web-3", .ready)]
        let groups = [ResourceGroup](there.map(\.resource))
        for state in [StoredAction.State.planned, .prechecked] {
            let journal = journal(state, ActionTests.retire)
            #expect(journal.leaving == ["web-1", "web-2"])
            let assumed = journal.assumed(groups, there)
            #expect(assumed.filter { $0.state == .ready }.map(\.count) == [1])
            #expect(assumed.filter { $0.state == .draining }.reduce(0) { $0 + $1.count } == 2)
            #expect(!assumed.contains { $0.state == .starting })
        }
        #expect(journal(.awaiting, ActionTests.retire).assumed(groups, there) == groups, "nobody has said yes")
        #expect(Journal().assumed(groups, there) == groups)
    }

    @Test func onlyWhatIsOtherThanStoredIsWritten() throws {
        var journal = journal(.planned)
        let first = journal.changes
        #expect(first.map(\.state) == [.planned])
        journal.noteStored(first)
        #expect(journal.changes.isEmpty)
        let key = try #require(first.first).key
        journal.take(.prechecked, for: key, at: noon)
        journal.take(.prechecked, for: "another", at: noon)
        #expect(journal.changes.map(\.state) == [.prechecked])
        // Over before it could be stored: it is written as such, once, and is open no more.
        journal.take(.objection("no"), for: key, at: noon)
        journal.look(at: [], now: noon)
        #expect(journal.open.isEmpty)
        #expect(journal.changes.map(\.state) == [.compensated])
        journal.noteStored(journal.changes)
        #expect(journal.changes.isEmpty)
    }

    @Test func aRestartGoesOnWithWhatIsOpenOnly() {
        let stored = StoredAction.State.allCases.map { state in
            var action = ActionTests.action(state).stored
            action.key = "shop/1/\(state.rawValue)"
            return action
        }
        let journal = Journal(stored)
        #expect(journal.open.map(\.state) == stored.map(\.state).filter { !$0.isOver })
        #expect(journal.changes.isEmpty, "nothing of it is new")
    }
}

/// Somebody else is at work.
struct ContestWatchTests {
    private let noon = ActionTests.noon

    private func fleet(_ ids: String..., state: ResourceState = .ready) -> [DescribedResource] {
        ids.map { DescribedResource(resource: Resource(id: $0, persona: "web", state: state, since: noon)) }
    }

    @Test func theFirstLookFindsWhatIsThere() {
        var watch = ContestWatch()
        #expect(watch.look(at: fleet("a", "b"), now: noon) { _ in false } == nil)
        #expect(watch.look(at: fleet("a", "b"), now: noon) { _ in false } == nil)
    }

    @Test func whatAppearsUnaskedIsSomebodys() {
        var watch = ContestWatch()
        _ = watch.look(at: fleet("a"), now: noon) { _ in false }
        #expect(watch.look(at: fleet("a", "b"), now: noon) { $0.resource.id == "b" } == nil)
        let seen = watch.look(at: fleet("a", "b", "c", "d"), now: noon) { _ in false }
        #expect(seen == "2 resources appeared that Troupe did not ask for")
    }

    @Test func whatGoesMayHaveDiedUnlessItUndoesAScaleOut() {
        var watch = ContestWatch()
        _ = watch.look(at: fleet("a", "b", "c", "d"), now: noon) { _ in true }
        #expect(watch.look(at: fleet("a", "b", "c"), now: noon) { _ in true } == nil)
        watch.start(4, at: noon)
        // One of four may still have died by itself; one that was never ready was none that left.
        #expect(watch.look(at: fleet("a", "b"), now: noon + .minutes(1)) { _ in true } == nil)
        let seen = watch.look(at: [], now: noon + .minutes(2)) { _ in true }
        #expect(seen == "2 resources left that Troupe did not retire, soon after it had started 4")
    }

    @Test func ourOwnRetirementsAndOldStartsAreNoContest() {
        var watch = ContestWatch()
        _ = watch.look(at: fleet("a", "b", "c"), now: noon) { _ in true }
        watch.start(2, at: noon)
        watch.retire(["a", "b"])
        #expect(watch.look(at: fleet("c"), now: noon + .minutes(1)) { _ in true } == nil)
        // A driver that sees late shows one again that was told to leave.
        let again = fleet("c") + fleet("a", state: .draining)
        #expect(watch.look(at: again, now: noon + .minutes(1)) { $0.resource.id == "a" } == nil)
        watch.start(1, at: noon)
        _ = watch.look(at: fleet("c", "d"), now: noon + .minutes(2)) { _ in true }
        #expect(watch.look(at: [], now: noon + ContestWatch.undoing + .minutes(1)) { _ in true } == nil)
    }
}
