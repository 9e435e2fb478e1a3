import Control
import Decision
import Domain
import Testing

@testable import Simulation

struct FleetTests {
    private let start = Workload.monday

    private func minutes(_ n: Int64) -> Timestamp { start + .minutes(n) }

    @Test func theScenariosFleetIsReadyExactlyOneLeadTimeLater() {
        var fleet = SimulatedFleet(name: "f", personas: ["web"], start: start, lead: .minutes(10))
        fleet.seedReady(count: 2, persona: "web")
        fleet.advance(to: minutes(5))
        let answer = fleet.provision(count: 3, persona: "web", key: "a")
        #expect(answer.ids == ["f-3", "f-4", "f-5"] && answer.refused == 0)
        #expect(fleet.ready == 2 && fleet.starting == 3 && fleet.billed == 5)
        fleet.advance(to: Timestamp(milliseconds: minutes(15).milliseconds - 1))
        #expect(fleet.ready == 2)
        fleet.advance(to: minutes(15))
        #expect(fleet.ready == 5 && fleet.starting == 0)
        let times1 = fleet.takeStartTimes()
        #expect(times1 == [.minutes(10), .minutes(10), .minutes(10)])
        let times2 = fleet.takeStartTimes()
        #expect(times2.isEmpty)
        fleet.retire(["f-5", "f-1"], key: "b")
        #expect(fleet.ready == 3 && fleet.billed == 3)
    }

    @Test func aRepeatedRequestDoesNothingTwice() {
        var fleet = SimulatedFleet(name: "f", personas: ["web"], start: start, lead: .minutes(10))
        let first = fleet.provision(count: 2, persona: "web", key: "k")
        let answer3 = fleet.provision(count: 2, persona: "web", key: "k")
        #expect(answer3 == first)
        #expect(fleet.billed == 2)
        let retired4 = fleet.retire(["f-1"], key: "r")
        #expect(retired4 == ["f-1"])
        let retired5 = fleet.retire(["f-2"], key: "r")
        #expect(retired5 == ["f-1"])
        #expect(fleet.billed == 1)
        let retired6 = fleet.retire(["f-1", "nobody"], key: "s")
        #expect(retired6 == [])
    }

    @Test func drainingIsPaidForAndDoesNotServe() {
        var fleet = SimulatedFleet(
            name: "f",
            personas: [PersonaBehaviour(persona: "web", draining: .minutes(2))],
            start: start
        )
        fleet.seedReady(count: 3, persona: "web")
        fleet.retire(["f-2"], key: "r")
        #expect(fleet.ready == 2 && fleet.draining == 1 && fleet.billed == 3)
        let groups7 = fleet.groups().map(\.state)
        #expect(groups7 == [.ready, .draining])
        fleet.advance(to: minutes(2))
        #expect(fleet.billed == 2 && fleet.resources().map(\.id) == ["f-1", "f-3"])
    }

    @Test func startTimesSpreadAroundTheMedian() throws {
        var fleet = SimulatedFleet(
            name: "f",
            personas: [PersonaBehaviour(persona: "web", startup: .seconds(100), spread: 0.25)],
            start: start,
            seed: 4
        )
        fleet.provision(count: 1000, persona: "web", key: "k")
        fleet.advance(to: minutes(60))
        let times = fleet.takeStartTimes().map(\.seconds).sorted()
        #expect(times.count == 1000)
        #expect(abs(times[500] - 100) < 4)
        #expect(abs(times[25] - 61) < 5 && abs(times[975] - 163) < 10)
    }

    @Test func failingStartsTimeOutAndAreTriedAnew() {
        let behaviour = PersonaBehaviour(
            persona: "web",
            startup: .seconds(60),
            spread: 0,
            failing: 0.5,
            timeout: .minutes(5),
            retries: 2
        )
        var fleet = SimulatedFleet(name: "f", personas: [behaviour], start: start, seed: 9)
        fleet.provision(count: 400, persona: "web", key: "k")
        fleet.advance(to: minutes(1))
        let quick = fleet.ready
        #expect(abs(quick - 200) < 45 && fleet.starting == 400 - quick)
        fleet.advance(to: minutes(5))
        #expect(fleet.failedStarts == 400 - quick && fleet.starting == 400 - quick)
        fleet.advance(to: minutes(60))
        // One in eight failed three times and was given up.
        #expect(fleet.starting == 0 && abs(fleet.ready - 350) < 30)
    }

    @Test func equalSeedsLiveEqualLives() {
        func life(_ seed: UInt64) -> [Resource] {
            var fleet = SimulatedFleet(
                name: "f",
                personas: [PersonaBehaviour(persona: "web", failing: 0.2)],
                start: start,
                seed: seed
            )
            for minute in 0..<120 as Range<Int64> {
                fleet.advance(to: minutes(minute))
                if minute % 7 == 0 { fleet.provision(count: 3, persona: "web", key: "\(minute)") }
                if minute % 11 == 0 { fleet.retire(fleet.resources().prefix(1).map(\.id), key: "r\(minute)") }
            }
            return fleet.resources()
        }
        #expect(life(1) == life(1))
        #expect(life(1) != life(2))
    }

    @Test func aPlanTakesTheNextPersonaWhereOneCannotBeHad() {
        var fleet = SimulatedFleet(
            name: "f",
            personas: [PersonaBehaviour(persona: "spot", quota: 2), PersonaBehaviour(persona: "web")],
            start: start
        )
        let plan = Plan(start: [PersonaCount(persona: "spot", count: 5)], fallbacks: ["spot", "web"])
        let outcome = fleet.apply(plan, key: "p")
        #expect(outcome.started.count == 5 && outcome.refused == 0 && outcome.notes.count == 1)
        let groups8 = fleet.groups().map { "\($0.persona) \($0.count)" }
        #expect(groups8 == ["spot 2", "web 3"])
        let outcome9 = fleet.apply(plan, key: "p").started
        #expect(outcome9 == outcome.started)
        #expect(fleet.billed == 5)

        let nobody = fleet.apply(Plan(start: [PersonaCount(persona: "gpu", count: 1)]), key: "q")
        #expect(nobody.refused == 1 && nobody.notes == ["no persona gpu"])
    }

    @Test func groupsAreSortedAndStartingOnesSplitByWhenTheyWereAskedFor() {
        var fleet = SimulatedFleet(name: "f", personas: ["web", "api"], start: start, lead: .minutes(10))
        fleet.seedReady(count: 2, persona: "web")
        fleet.provision(count: 1, persona: "web", key: "1")
        fleet.advance(to: minutes(1))
        fleet.provision(count: 2, persona: "web", key: "2")
        fleet.provision(count: 1, persona: "api", key: "3")
        let groups = fleet.groups()
        #expect(groups.map(\.persona) == ["api", "web", "web", "web"])
        #expect(groups.map(\.state) == [.starting, .starting, .starting, .ready])
        #expect(groups.map(\.count) == [1, 1, 2, 2])
        #expect(groups.map(\.since) == [minutes(1), start, minutes(1), start])
        #expect(groups == [ResourceGroup](fleet.resources().reversed()))
    }

    @Test func newestRetireFirstAndForeignOnesNever() {
        func resource(_ id: String, _ state: ResourceState, _ minute: Int64, managed: Bool = true) -> Resource {
            Resource(id: id, persona: "web", state: state, since: minutes(minute), managed: managed)
        }
        let resources = [
            resource("f-9", .ready, 0), resource("f-10", .ready, 0), resource("f-1", .ready, 5),
            resource("x", .ready, 9, managed: false), resource("s-1", .starting, 7), resource("s-2", .starting, 8),
        ]
        func choose(_ state: ResourceState, _ minute: Int64, _ count: Int) -> [String] {
            RetireSelection.choose(
                [ResourceGroup(persona: "web", state: state, since: minutes(minute), count: count)],
                from: resources.reversed()
            )
        }
        #expect(choose(.ready, 0, 2) == ["f-1", "f-10"])
        #expect(choose(.ready, 0, 99) == ["f-1", "f-10", "f-9"])
        #expect(choose(.starting, 8, 2) == ["s-2"])
        #expect(choose(.starting, 6, 1) == [])
    }

    @Test func configurationAndPersonaAreKept() {
        var fleet = SimulatedFleet(name: "f", personas: ["web", "api"], start: start, lead: .minutes(1))
        fleet.seedReady(count: 2, persona: "web")
        let files = [ConfigTemplate(path: "/b", contents: "2"), ConfigTemplate(path: "/a", contents: "1")]
        let done10 = fleet.configure("f-1", persona: "api", files: files)
        #expect(done10)
        let done11 = fleet.configure("f-9", files: files)
        #expect(!done11)
        #expect(fleet.files(of: "f-1").map(\.path) == ["/a", "/b"])
        let groups12 = fleet.groups().map(\.persona)
        #expect(groups12 == ["api", "web"])
        let plan = Plan(assign: [
            PlannedAssignment(resource: "f-2", persona: "api", until: nil, reason: ""),
            PlannedAssignment(resource: "gone", persona: "api", until: nil, reason: ""),
        ])
        let outcome13 = fleet.apply(plan, key: "p").unassigned
        #expect(outcome13 == ["gone"])
        let groups14 = fleet.groups().map(\.count)
        #expect(groups14 == [2])
    }
}
