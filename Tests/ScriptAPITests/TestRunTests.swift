import ScriptProtocol
import Testing

@testable import ScriptAPI

/// Runs of policy test files.
struct TestRunTests {
    private let file = """
        local function at(t, n) return t.decide { fleet = 'x', n = n } end
        test("holds", function(t)
          t.equal(at(t, 1).target, 4)
        end)
        property("never below", function(t)
          local run = t.simulate { fleet = 'x', load = t.any_load() }
          t.check(run.min_ready >= 2, "fell to " .. run.min_ready)
        end)
        test("differs", function(t)
          t.equal({ a = { 1, 2 } }, { a = { 1, 2 } })
          t.near(1.0, 1.05, 0.1)
          t.equal(at(t, 1).target, 5, "after one")
        end)
        """

    private func answer(_ call: HostCall) -> HostAnswer {
        switch call.name {
        case "decide": .value(.sortedTable([("target", .integer(4))]))
        case "simulate": .value(.sortedTable([("min_ready", .integer(1))]))
        default: .failure("?")
        }
    }

    @Test func casesAreListedWithTheirLines() throws {
        func one(_ name: String, _ kind: String, _ line: Int64) -> ScriptValue {
            .sortedTable([("kind", .string(kind)), ("line", .integer(line)), ("name", .string(name))])
        }
        #expect(
            try Runs().test(file).get().value
                == .list([one("holds", "test", 2), one("never below", "property", 5), one("differs", "test", 9)])
        )
        #expect(try Runs().test("").get().value == .list([]))
    }

    @Test func aCaseIsRunByName() throws {
        #expect(try Runs().test(file, "holds", answer: answer).get().value == .null)
        let differs = Runs().test(file, "differs", answer: answer).failure
        #expect(differs?.message == "after one: expected 5, got 4")
        #expect(differs?.line == 12)
        let property = Runs().test(file, "never below", answer: answer).failure
        #expect(property?.message == "check failed: fell to 1")
        #expect(property?.line == 7)
        #expect(Runs().test(file, "other").failure?.message == "the file has no case \"other\"")
    }

    @Test func theHostsWordsStandAtTheLine() {
        let failure = Runs().test(file, "holds") { _ in .failure("t.decide: there is no fleet \"x\"") }.failure
        #expect(failure?.message == "t.decide: there is no fleet \"x\"")
        #expect(failure?.line == 1)
    }

    @Test func loadsAreDrawnFromTheSeed() throws {
        func level(_ seed: Int64) throws -> ScriptValue? {
            var runs = Runs()
            runs.seed = seed
            var seen: ScriptValue?
            let script = "test('x', function(t) t.simulate { load = t.any_load { daily = 0.5 } } end)"
            _ =
                try runs.test(script, "x") { call in
                    seen = call.arguments["load"]
                    return .value(.table([]))
                }
                .get()
            #expect(seen?["daily"] == .number(0.5))
            return seen?["level"]
        }
        #expect(try level(1) == level(1))
        #expect(try level(1) != level(2))
    }

    @Test(arguments: [
        ("\ntest('a')", "test: the body of \"a\" is missing; expected function(t) … end"),
        ("\ntest('a', 1)", "test: the body of \"a\" is a number; expected function(t) … end"),
        ("\nproperty(function() end)", "property: name is a function; expected a text that says what holds"),
        ("test('a', print)\ntest('a', print)", "there is a case \"a\" already, in line 1"),
    ])
    func wrongCasesAreExplained(script: String, message: String) {
        let failure = Runs().test(script).failure
        #expect(failure?.message == message)
        #expect(failure?.line == 2)
    }

    @Test func whatTHasNotIsAnError() {
        let failure = Runs().test("test('a', function(t)\n  t.equals(1, 1)\nend)", "a").failure
        #expect(failure?.message.hasPrefix("t has no equals; known: any_load, check") == true)
        #expect(failure?.line == 2)
    }
}
