import Testing

@testable import Scripting

struct LuaSourceMapTests {
    private static let fleet = #"""
        -- a comment with { braces } and "quotes"
        --[==[ and
        a long ] one ]==]
        local floor = 2
        local function twice(n)
          if n then return n * 2 end
          return { 1, 2 }
        end
        return fleet {
          name = "storefront",
          personas = {
            "low-latency",
            "background-task",
          },
          limits = { min = floor, max = twice(100),
            step_up = "100%/1m" };
          kpis = {
            request_rate = {
              metric = "http_requests_total",
              ["match"] = { job = "shop" },
            },
          },
          on = function(a, b)
            while a do a = nil end
            for i = 1, 2 do if b then break end end
            repeat local x = { min = 1 } until true
            return { name = "inner" }
          end,
          templates = {
            ["/etc/app.conf"] = [[
        first
        second]],
          },
          last = 1,
        }
        """#

    private func path(_ keys: String...) -> LuaPath {
        keys.reduce(.root) { path, key in Int(key).map { path.item($0) } ?? path.key(key) }
    }

    @Test func eachKeyHasItsLine() {
        let map = LuaSourceMap(Array(Self.fleet.utf8))
        #expect(map.line(of: .root) == 9)
        #expect(map.line(of: path("name")) == 10)
        #expect(map.line(of: path("personas", "2")) == 13)
        #expect(map.line(of: path("limits", "max")) == 15)
        #expect(map.line(of: path("limits", "step_up")) == 16)
        #expect(map.line(of: path("kpis", "request_rate", "metric")) == 19)
        #expect(map.line(of: path("kpis", "request_rate", "match", "job")) == 20)
        #expect(map.line(of: path("templates", "/etc/app.conf")) == 30)
        #expect(map.contentsLine(of: path("templates", "/etc/app.conf")) == 31)
        #expect(map.line(of: path("last")) == 34)
    }

    @Test func whatIsNotWrittenHasTheLineOfWhatEnclosesIt() {
        let map = LuaSourceMap(Array(Self.fleet.utf8))
        #expect(map.line(of: path("limits", "settle")) == 15)
        #expect(map.line(of: path("kpis", "request_rate", "rate")) == 18)
        #expect(map.line(of: path("driver")) == 9)
    }

    @Test func aPolicyIsReadThroughItsVariable() {
        let policy = """
            local policy = { name = "x" }
            local other = { propose = 1 }
            policy.setting = {
              floor = 4,
            }

            function policy.propose(ctx)
              return nil
            end
            policy.merge = function(ctx) end
            return policy
            """
        let map = LuaSourceMap(Array(policy.utf8))
        #expect(map.line(of: path("name")) == 1)
        #expect(map.line(of: path("setting", "floor")) == 4)
        #expect(map.line(of: path("propose")) == 7)
        #expect(map.line(of: path("merge")) == 10)
    }

    @Test func aKeyThatIsGivenTwiceIsFound() {
        let map = LuaSourceMap(Array("return persona {\n name = 'a',\n cost = {},\n name = 'b' }".utf8))
        #expect(map.duplicates == [.init(path: path("name"), line: 4, firstLine: 2)])
    }

    @Test func anotherTableOfTheSameNameIsNoDuplicate() {
        let source = "local p = { name = 'a' }\nfunction p.propose()\n local p = { name = 'b' }\nend\nreturn p"
        let map = LuaSourceMap(Array(source.utf8))
        #expect(map.duplicates.isEmpty)
        #expect(map.line(of: path("name")) == 1)
    }

    @Test(arguments: [
        "", "return", "return {", "}}}", "return persona { [", "[[", "'", "end end end", "return { a = function( }",
        "--[[",
    ])
    func brokenSourceEndsSomewhere(source: String) {
        let map = LuaSourceMap(Array(source.utf8))
        #expect(map.line(of: path("a", "b")) >= 1)
    }

    @Test func deepNestingIsNoTrouble() {
        let source = "return " + String(repeating: "{ a = ", count: 5000)
        #expect(LuaSourceMap(Array(source.utf8)).line(of: path("a")) == 1)
    }

    @Test func pathsReadAsOneWouldWriteThem() {
        #expect(path("limits", "min").description == "limits.min")
        #expect(path("personas", "2").description == "personas[2]")
        #expect(path("templates", "/etc/app.conf").description == "templates[\"/etc/app.conf\"]")
    }
}
