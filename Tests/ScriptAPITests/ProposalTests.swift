import ScriptProtocol
import Testing

@testable import ScriptAPI

struct ProposalTests {
    private func make(_ name: String, _ arguments: [ScriptValue]) throws -> ScriptValue {
        try Proposals.make(name, arguments) { ["low-latency", "background-task"] }
    }

    @Test func eachProposalCarriesWhatItAsks() throws {
        #expect(try make("scale_to", [.integer(4), .string("why")])["count"] == .integer(4))
        #expect(try make("scale_to", [.number(4), .string("why")])["count"] == .integer(4))
        #expect(
            try make("scale_to", [.sortedTable([("low-latency", .integer(3))]), .string("why")])["mix"]
                == .sortedTable([("low-latency", .integer(3))])
        )
        #expect(try make("scale_by", [.string("-20%"), .string("why")])["fraction"] == .number(-0.2))
        #expect(try make("scale_by", [.integer(-2), .string("why")])["count"] == .integer(-2))
        #expect(try make("at_least", [.integer(0), .string("why")])["count"] == .integer(0))
        #expect(try make("hold", [.string("why")])["direction"] == .string("both"))
        #expect(try make("hold", [.string("why"), .string("in")])["direction"] == .string("in"))
        #expect(
            try make("assign", [.string("web-1"), .string("low-latency"), .string("2h"), .string("why")])["duration_ms"]
                == .integer(7_200_000)
        )
    }

    @Test(arguments: [
        (
            "scale_to", [ScriptValue.number(3.7), .string("why")],
            "scale_to: n is 3.7; expected a whole number of resources; math.ceil rounds up"
        ),
        ("scale_to", [.integer(-1), .string("why")], "scale_to: n is -1; expected a number from 0 to 100000"),
        ("scale_to", [.number(.nan), .string("why")], "scale_to: n is nan; expected a whole number of resources"),
        ("at_least", [.string("4"), .string("why")], "at_least: n is \"4\"; expected a whole number of resources"),
        ("at_least", [.integer(4)], "at_least: reason is nil; expected a text that says why, for the person on call"),
        ("at_most", [.null, .string("why")], "at_most: n is nil; expected a whole number of resources"),
        (
            "scale_by", [.string("20"), .string("why")],
            "scale_by: n is \"20\"; expected a whole number such as 2 or -1, or a percentage such as \"20%\""
        ),
        (
            "hold", [.string("why"), .string("up")],
            "hold: direction is \"up\"; expected \"in\", \"out\" or nothing for both"
        ),
        (
            "assign", [.string("web-1"), .string("low-latncy"), .null, .string("why")],
            "assign: this fleet has no persona \"low-latncy\"; it has low-latency, background-task"
        ),
        (
            "scale_to", [.sortedTable([("medium", .integer(3))]), .string("why")],
            "scale_to: this fleet has no persona \"medium\"; it has low-latency, background-task"
        ),
    ])
    func wrongArgumentsAreExplained(name: String, arguments: [ScriptValue], message: String) {
        let error = #expect(throws: APIError.self) { try make(name, arguments) }
        #expect(error == APIError(kind: .raised, message: message))
    }
}
