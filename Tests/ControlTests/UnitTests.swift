import Domain
import Drivers
import Foundation
import KPIStore
import StateStore
import Testing

@testable import Control

struct StartTimesTests {
    @Test func theDeclaredTimeCountsUntilThereAreEnough() {
        var times = StartTimes()
        #expect(times.leadTime(declared: .seconds(90)) == .seconds(90))
        for _ in 0..<7 { times.add(.seconds(30)) }
        #expect(times.leadTime(declared: .seconds(90)) == .seconds(90))
        times.add(.seconds(30))
        #expect(times.leadTime(declared: .seconds(90)) == .seconds(30))
    }

    @Test func oneInTwentyMayTakeLonger() {
        var times = StartTimes()
        for second in 1...100 { times.add(.seconds(Int64(second))) }
        #expect(times.leadTime(declared: .seconds(90)) == .seconds(95))
    }

    @Test func startsThatNeverFinishMakeItLonger() {
        var times = StartTimes()
        for _ in 0..<50 { times.add(.seconds(30)) }
        for _ in 0..<50 { times.add(.minutes(10), isCensored: true) }
        #expect(times.leadTime(declared: .seconds(90)) == .minutes(10))
        #expect(StartTimes().leadTime(declared: .seconds(90), waiting: [.minutes(20)]) == .minutes(20))
    }
}

struct ServedCapacityTests {
    @Test func itIsLearnedWithinHalfAndTwice() {
        var served = ServedCapacity()
        for _ in 0..<5 { served.observe(load: 150, held: true, declared: 100) }
        #expect(served.capacity(declared: 100) == 100)
        for _ in 0..<200 { served.observe(load: 150, held: true, declared: 100) }
        #expect(served.capacity(declared: 100) == 150)
        for _ in 0..<200 { served.observe(load: 900, held: true, declared: 100) }
        #expect(served.capacity(declared: 100) == 200)
        for _ in 0..<400 { served.observe(load: 60, held: false, declared: 100) }
        #expect(served.capacity(declared: 100) < 62)
        for _ in 0..<400 { served.observe(load: 10, held: false, declared: 100) }
        #expect(served.capacity(declared: 100) >= 50)
    }

    @Test(arguments: [Double.nan, .infinity, -1, 0])
    func whatSaysNothingTeachesNothing(load: Double) {
        var served = ServedCapacity()
        let learned = [
            served.observe(load: load, held: true, declared: 100), served.observe(load: 10, held: nil, declared: 100),
        ]
        #expect(learned == [false, false])
        #expect(served == ServedCapacity())
    }
}

struct UnifiedDiffTests {
    @Test func asDiffWritesIt() {
        let old = (1...12).map { "line \($0)" }.joined(separator: "\n") + "\n"
        let new = old.replacing("line 6\n", with: "line six\n")
        #expect(
            UnifiedDiff.of(old, new, path: "a") == """
                --- a
                +++ a
                @@ -3,7 +3,7 @@
                 line 3
                 line 4
                 line 5
                -line 6
                +line six
                 line 7
                 line 8
                 line 9

                """
        )
        #expect(UnifiedDiff.of(nil, "x\n", path: "a") == "--- /dev/null\n+++ a\n@@ -0,0 +1,1 @@\n+x\n")
        #expect(UnifiedDiff.of("x\n", nil, path: "a") == "--- a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n")
        #expect(UnifiedDiff.of("x", "x", path: "a") == nil)
    }
}

struct AgendaTests {
    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test func gapsAndIntervals() {
        var agenda = Agenda(gap: TimeSpan(milliseconds: 250))
        agenda.add("a", interval: .seconds(15), now: at(0))
        agenda.add("b", interval: .seconds(15), now: at(0))
        func take(_ now: Timestamp) -> [String] { agenda.take(now: now).map(\.fleet) }
        func next() -> Timestamp? { agenda.next() }
        #expect(take(at(0)) == ["a", "b"])
        #expect(next() == nil)
        // Marked while it runs: a gap after it began.
        agenda.mark("a", now: at(10))
        agenda.finish("a", now: at(20))
        agenda.finish("b", now: at(20))
        #expect(next() == at(250))
        #expect(take(at(249)) == [])
        #expect(take(at(300)) == ["a"])
        agenda.finish("a", now: at(310), notBefore: at(60_000))
        agenda.mark("a", now: at(320))
        #expect(take(at(15_000)) == ["b"])
        agenda.finish("b", now: at(15_001))
        agenda.remove("b")
        #expect(next() == at(60_000))
        #expect(take(at(60_000)) == ["a"])
    }

    /// Somebody lifts a hold while the look that will fail is still under way.
    @Test func whoUrgesIsNotPutOffByALookThatIsUnderWay() {
        var agenda = Agenda(gap: TimeSpan(milliseconds: 250))
        agenda.add("a", interval: .seconds(15), now: at(0))
        _ = agenda.take(now: at(0))
        agenda.urge("a", now: at(10))
        agenda.finish("a", now: at(20_000), notBefore: at(300_000))
        let next = agenda.next()
        #expect(next == at(20_250))
        _ = agenda.take(now: at(20_250))
        agenda.finish("a", now: at(20_300), notBefore: at(300_000))
        let later = agenda.next()
        #expect(later == at(300_000))
    }

    @Test func marksThatMeanNothingDoNotPutOffTheInterval() {
        var agenda = Agenda(gap: TimeSpan(milliseconds: 250))
        agenda.add("a", interval: .seconds(15), now: at(0))
        func take(_ now: Timestamp) -> [Bool] { agenda.take(now: now).map(\.isOver) }
        #expect(take(at(0)) == [true])
        agenda.finish("a", now: at(40))
        for second in 1...14 {
            let now = at(Int64(second) * 1000)
            agenda.mark("a", now: now)
            #expect(take(now) == [false])
            agenda.finish("a", now: now, wasEvaluated: false)
        }
        let next = agenda.next()
        #expect(next == at(15_000))
        #expect(take(at(15_000)) == [true])
    }
}

struct StartWatchTests {
    private func seen(_ id: String, _ state: ResourceState, readyAt: Int64? = nil) -> DescribedResource {
        DescribedResource(
            resource: Resource(id: id, persona: "web", state: state, since: Timestamp(milliseconds: 0)),
            readyAt: readyAt.map { Timestamp(milliseconds: $0) }
        )
    }

    @Test func startsThatEndAndThatNeverDo() {
        var watch = StartWatch()
        func look(_ now: Int64, _ resources: [DescribedResource]) -> [StartWatch.Ended] {
            watch.look(at: resources, now: Timestamp(milliseconds: now))
        }
        // What was ready when we came says nothing.
        #expect(look(0, [seen("old", .ready, readyAt: 0)]) == [])
        #expect(look(10, ["a", "b", "c"].map { seen($0, .starting) }) == [])
        watch.retire(["c"])
        let ended = look(90, [seen("a", .ready), seen("d", .ready, readyAt: 40)])
        let expected = [(40, false), (90, false), (90, true)]
            .map { StartWatch.Ended(persona: "web", time: TimeSpan(milliseconds: $0.0), isCensored: $0.1) }
        #expect(ended == expected)
    }
}

struct AssignmentBookTests {
    /// Platforms give ids again: what one was started with must not be made of the next.
    @Test func theFirstPersonaIsThatOfTheResourceNotOfItsName() {
        let directory = PersonaDirectory()
        let at = { (seconds: Int64) in Timestamp(milliseconds: seconds * 1000) }
        func seen(_ persona: String, since: Int64) -> Resource {
            Resource(id: "r", persona: persona, state: .ready, since: at(since))
        }
        let old = seen("web", since: 0)
        _ = directory.observe([DescribedResource(resource: old)], of: "shop", at: at(1))
        let first = directory.firstAssignment(of: old, at: at(2))
        #expect(first.map(\.persona) == ["web"])
        directory.insert(first.map { StoredAssignment(id: 1, assignment: $0, endedBy: nil) })
        #expect(directory.firstAssignment(of: old, at: at(3)).isEmpty)
        directory.insert([stored(2, "safe", .person, 2000, 10_000)])
        #expect(directory.persona(of: old, at: at(5)) == "safe")
        #expect(directory.persona(of: old, at: at(11)) == "web")
        // It is gone; the next that is called so is started as another.
        directory.forget(["r"], of: "shop")
        let new = seen("calm", since: 100)
        _ = directory.observe([DescribedResource(resource: new)], of: "shop", at: at(101))
        #expect(directory.persona(of: new, at: at(101)) == "calm")
        #expect(!directory.read { $0.knows(new) })
        #expect(directory.source("shop", "r", at(101)).persona == "calm")
        #expect(directory.source("shop", "r", at(50)).persona == "web")
        #expect(directory.firstAssignment(of: new, at: at(102)).map(\.persona) == ["calm"])
    }

    private func stored(_ id: Int64, _ persona: String, _ priority: Assignment.Priority, _ from: Int64, _ until: Int64?)
        -> StoredAssignment
    {
        StoredAssignment(
            id: id,
            assignment: Assignment(
                resource: "r",
                persona: persona,
                by: "",
                reason: "",
                priority: priority,
                from: Timestamp(milliseconds: from),
                until: until.map { Timestamp(milliseconds: $0) }
            ),
            endedBy: nil
        )
    }

    @Test func itHoldsAsTheStoreDoes() throws {
        var generator = SystemRandomNumberGenerator()
        let store = try StateStore.inMemory()
        for _ in 0..<200 {
            let from = Int64.random(in: 0..<100, using: &generator)
            let until = Bool.random() ? from + Int64.random(in: 1..<40, using: &generator) : nil
            let priority = Assignment.Priority(rawValue: Int.random(in: 0...3, using: &generator)) ?? .person
            try store.assign([stored(0, "p\(from)", priority, from, until).assignment])
        }
        let book = AssignmentBook(try store.assignments(endingAfter: Timestamp(milliseconds: 50)))
        for time in 50..<150 {
            let now = Timestamp(milliseconds: Int64(time))
            #expect(book.holding("r", at: now) == (try store.assignment(of: "r", at: now)))
            #expect(book.nextChange(after: now) == (try store.nextAssignmentChange(after: now)))
        }
    }
}
