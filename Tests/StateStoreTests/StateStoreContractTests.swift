import Domain
import Foundation
import StateStore
import TestSupport
import Testing

/// The ways in which a store must behave the same.
enum StateSetup: CaseIterable {
    case inMemory
    case file
}

/// What every state store promises.
@Suite struct StateStoreContractTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    func make(_ setup: StateSetup) throws -> any StateStoring {
        switch setup {
        case .inMemory: try StateStore.inMemory()
        case .file: try StateStore(path: folder.file("state.db"))
        }
    }

    // MARK: Decisions

    @Test(arguments: StateSetup.allCases)
    func aDecisionIsKeptWhole(_ setup: StateSetup) throws {
        let store = try make(setup)
        let full = decision(10, trace: .full(Data("{\"steps\":[\0]}".utf8)))
        let line = decision(20, trace: .digest)
        try store.record(EvaluationBatch(decisions: [full, line]))
        #expect(try store.decision(of: "storefront", at: at(10)) == full)
        #expect(try store.decision(of: "storefront", at: at(19)) == full)
        #expect(try store.decision(of: "storefront", at: at(.max)) == line)
        #expect(try store.decision(of: "storefront", at: at(9)) == nil)
        #expect(try store.decision(of: "batch", at: at(10)) == nil)
        #expect(try store.tracedDecision(of: "storefront", at: at(25)) == full)
        #expect(try store.tracedDecision(of: "storefront", at: at(9)) == nil)
    }

    @Test(arguments: StateSetup.allCases)
    func rangesAreHalfOpenAndLimited(_ setup: StateSetup) throws {
        let store = try make(setup)
        try store.record(EvaluationBatch(decisions: [30, 10, 20, 40].map { decision($0) }))
        try store.record(EvaluationBatch(decisions: [decision(20, fleet: "batch")]))
        func range(_ from: Int64, _ to: Int64, _ limit: Int = 10, latest: Bool = false) throws -> [Int64] {
            try store.decisions(of: "storefront", from: at(from), to: at(to), limit: limit, latest: latest)
                .map(\.at.milliseconds)
        }
        #expect(try range(10, 40) == [10, 20, 30])
        #expect(try range(0, 100, 2) == [10, 20])
        #expect(try range(0, 100, 2, latest: true) == [30, 40])
        #expect(try range(40, 10) == [])
        #expect(try range(0, 100, -1) == [])
    }

    @Test(arguments: StateSetup.allCases)
    func theLatestOfEveryFleet(_ setup: StateSetup) throws {
        let store = try make(setup)
        #expect(try store.latestDecisions().isEmpty)
        let batch = [decision(10), decision(20, fleet: "batch"), decision(30), decision(5, fleet: "a")]
        try store.record(EvaluationBatch(decisions: batch))
        #expect(try store.latestDecisions() == [batch[3], batch[1], batch[2]])
    }

    @Test(arguments: StateSetup.allCases)
    func aBatchIsStoredWholeOrNotAtAll(_ setup: StateSetup) throws {
        let store = try make(setup)
        try store.record(EvaluationBatch(decisions: [decision(10)]))
        let twice = EvaluationBatch(
            decisions: [decision(20, fleet: "new"), decision(10)],
            policyStates: [PolicyState(fleet: "new", policy: "p", at: at(20), state: Data())]
        )
        let conflict = #expect(throws: StateStoreError.self) { try store.record(twice) }
        #expect(conflict?.code == .conflict)
        #expect(conflict?.what == "fleet storefront already has a decision at 10 ms")
        let greedy = EvaluationBatch(
            decisions: [decision(20, fleet: "new")],
            policyStates: [
                PolicyState(fleet: "new", policy: "p", at: at(20), state: Data(count: PolicyState.maximumBytes + 1))
            ]
        )
        let invalid = #expect(throws: StateStoreError.self) { try store.record(greedy) }
        #expect(invalid?.code == .invalid)
        #expect(try store.decision(of: "new", at: at(.max)) == nil)
        #expect(try store.policyStates(of: "new").isEmpty)
    }

    @Test(arguments: StateSetup.allCases)
    func pruningKeepsTheLastOfAFleet(_ setup: StateSetup) throws {
        let store = try make(setup)
        try store.record(EvaluationBatch(decisions: [10, 20, 30].map { decision($0) } + [decision(5, fleet: "idle")]))
        #expect(try store.pruneDecisions(before: at(25)) == 2)
        #expect(try store.latestDecisions().map(\.at.milliseconds) == [5, 30])
        #expect(try store.decision(of: "storefront", at: at(29)) == nil)
        #expect(try store.pruneDecisions(before: at(1000)) == 0)
    }

    // MARK: What policies remember

    @Test(arguments: StateSetup.allCases)
    func theLastStateHolds(_ setup: StateSetup) throws {
        let store = try make(setup)
        func state(_ time: Int64, _ policy: String, _ fleet: String = "storefront") -> PolicyState {
            PolicyState(fleet: fleet, policy: policy, at: at(time), state: Data([UInt8(time), 0, 255]))
        }
        let largest = PolicyState(
            fleet: "storefront",
            policy: "z",
            at: at(1),
            state: Data(count: PolicyState.maximumBytes)
        )
        try store.record(EvaluationBatch(policyStates: [state(1, "b"), state(1, "a"), state(2, "b"), largest]))
        try store.record(EvaluationBatch(policyStates: [state(3, "a"), state(3, "a", "batch")]))
        #expect(try store.policyState(of: "storefront", policy: "b") == state(2, "b"))
        #expect(try store.policyState(of: "storefront", policy: "c") == nil)
        #expect(try store.policyStates(of: "storefront") == [state(3, "a"), state(2, "b"), largest])
        #expect(try store.removePolicyStates(of: "storefront", policy: "a") == 1)
        #expect(try store.removePolicyStates(of: "storefront", policy: nil) == 2)
        #expect(try store.policyStates(of: "batch") == [state(3, "a", "batch")])
    }

    // MARK: Assignments

    @Test(arguments: StateSetup.allCases)
    func theOneBelowHoldsAgain(_ setup: StateSetup) throws {
        let store = try make(setup)
        try store.assign([
            assignment("base", .default, 0), assignment("policy", .policy, 10, 60),
            assignment("person", .person, 20, 40),
            assignment("late-policy", .policy, 30, 50),
        ])
        func held(_ time: Int64) throws -> String? {
            try store.assignment(of: "web-1", at: at(time))?.assignment.persona
        }
        #expect(try held(-1) == nil)
        #expect(try held(0) == "base")
        #expect(try held(10) == "policy")
        #expect(try held(20) == "person")
        #expect(try held(39) == "person")
        #expect(try held(40) == "late-policy")
        #expect(try held(50) == "policy")
        #expect(try held(60) == "base")
        var changes: [Int64] = []
        var time = at(-5)
        while let next = try store.nextAssignmentChange(after: time) {
            changes.append(next.milliseconds)
            time = next
        }
        #expect(changes == [0, 10, 20, 30, 40, 50, 60])
    }

    @Test(arguments: StateSetup.allCases)
    func equalsResolveByRecency(_ setup: StateSetup) throws {
        let store = try make(setup)
        let stored = try store.assign([assignment("first", .person, 10), assignment("second", .person, 10)])
        #expect(stored[0].id < stored[1].id)
        #expect(try store.assignment(of: "web-1", at: at(10)) == stored[1])
    }

    @Test(arguments: StateSetup.allCases)
    func anAssignmentCanBeEnded(_ setup: StateSetup) throws {
        let store = try make(setup)
        let ids =
            try store.assign([
                assignment("base", .default, 0), assignment("open", .person, 10), assignment("short", .person, 10, 20),
                assignment("future", .person, 100),
            ])
            .map(\.id)
        let ended = try store.endAssignment(ids[1], at: at(30), by: "ops")
        #expect(ended.assignment.until == at(30) && ended.endedBy == "ops")
        #expect(try store.assignment(of: "web-1", at: at(29)) == ended)
        #expect(try store.assignment(of: "web-1", at: at(30))?.assignment.persona == "base")
        // An earlier end stays, and so does who is to blame for it.
        #expect(try store.endAssignment(ids[2], at: at(30), by: "ops").assignment.until == at(20))
        #expect(try store.endAssignment(ids[1], at: at(40), by: "other").endedBy == "ops")
        // What has not begun never will.
        let cancelled = try store.endAssignment(ids[3], at: at(50), by: "ops")
        #expect(cancelled.assignment.until == at(100) && !cancelled.covers(at(100)))
        #expect(try store.assignment(of: "web-1", at: at(100))?.assignment.persona == "base")
        #expect(try store.nextAssignmentChange(after: at(30)) == nil)
        #expect(try store.assignmentHistory(of: "web-1").map(\.id) == ids)
        let missing = #expect(throws: StateStoreError.self) { try store.endAssignment(4711, at: at(0), by: "ops") }
        #expect(missing?.code == .notFound)
    }

    @Test(arguments: StateSetup.allCases)
    func everyResourceHasAtMostOne(_ setup: StateSetup) throws {
        let store = try make(setup)
        try store.assign([
            assignment("x", .person, 0, 50, resource: "web-2"), assignment("y", .default, 0, resource: "web-2"),
            assignment("z", .default, 0, resource: "web-10"), assignment("w", .default, 60, resource: "db"),
        ])
        func all(_ time: Int64) throws -> [String] {
            try store.assignments(at: at(time)).map { "\($0.assignment.resource)=\($0.assignment.persona)" }
        }
        #expect(try all(0) == ["web-10=z", "web-2=x"])
        #expect(try all(60) == ["db=w", "web-10=z", "web-2=y"])
        #expect(try all(-1) == [])
    }

    @Test(arguments: StateSetup.allCases)
    func assignmentsThatCannotBe(_ setup: StateSetup) throws {
        let store = try make(setup)
        for bad in [
            assignment("p", .person, 10, 10), assignment("", .person, 0), assignment("p", .person, 0, resource: ""),
        ] {
            let error = #expect(throws: StateStoreError.self) {
                try store.assign([assignment("good", .person, 0), bad])
            }
            #expect(error?.code == .invalid)
        }
        #expect(try store.assignmentHistory(of: "web-1").isEmpty)
    }

    // MARK: Help

    func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    func decision(_ time: Int64, fleet: String = "storefront", trace: StoredDecision.Trace = .digest) -> StoredDecision
    {
        StoredDecision(
            fleet: fleet,
            at: at(time),
            outcome: "scale_out",
            current: 3,
            target: 5,
            reason: "the next half hour, 'quoted' — \u{1F3AD}",
            inputDigest: "\(time)",
            trace: trace
        )
    }

    func assignment(
        _ persona: String,
        _ priority: Assignment.Priority,
        _ from: Int64,
        _ until: Int64? = nil,
        resource: String = "web-1"
    ) -> Assignment {
        Assignment(
            resource: resource,
            persona: persona,
            by: "ops",
            reason: "because",
            priority: priority,
            from: at(from),
            until: until.map { at($0) }
        )
    }
}
