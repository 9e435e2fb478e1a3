import Domain
import Drivers
import Foundation
import ScriptProtocol
import Synchronization
import TestSupport
import Testing

/// What a plugin does wrong holds its own fleet, and is said.
@Suite(.inTurn)
struct PluginDriverTests {
    private func failure<Value>(_ body: () async throws -> Value) async -> DriverError {
        do {
            _ = try await body()
            return DriverError(.refused, driver: "", "it did not fail")
        } catch let error as DriverError {
            return error
        } catch {
            return DriverError(.refused, driver: "", "\(error)")
        }
    }

    private func describing(_ body: String) -> String {
        SmallDriver.text(["describe": "local function describe(host, target, page)\n\(body)\nend"])
    }

    @Test(arguments: [
        ("return 7", "answers-have-their-shape", "answers 7; expected a list of resources"),
        (
            "return { { id = 'a', state = 'ready' }, { id = 'a', state = 'ready' } }", "ids-are-unique",
            "answers a twice"
        ),
        (
            "return { { id = 'a', state = 'running' } }", "states-are-known",
            "expected starting, ready, draining or gone"
        ),
        ("return { { id = string.rep('a', 300), state = 'ready' } }", "sizes-are-bounded", "expected 1 to 253"),
        ("return { { id = 'a b', state = 'ready' } }", "answers-have-their-shape", "blanks or control characters"),
        ("return { { id = 'a', state = 'ready', lables = {} } }", "answers-have-their-shape", "did you mean labels?"),
        ("return { { id = 'a', state = 'ready', since = -1 } }", "answers-have-their-shape", "seconds since 1970"),
        ("return {}, 'again'", "sizes-are-bounded", "a next page without end"),
        ("return {}, 7", "sizes-are-bounded", "a next page without end: 7 comes after itself"),
        (
            "return {}, { next = 'b' }", "answers-have-their-shape",
            "expected the next page's name or number, or nothing"
        ),
        ("return {}, true", "answers-have-their-shape", "answers true as its second value"),
        ("return nil, 'no', 'not_granted'", "answers-have-their-shape", "expected unavailable, refused or not_found"),
        ("return {}, 1.5", "answers-have-their-shape", "answers 1.5 as its second value"),
        ("return {}, string.rep('a', 9000)", "sizes-are-bounded", "names the next page with 9000 bytes"),
        (
            "return { { id = 'a', state = 'ready' } }, not page.next and 'b' or nil", "ids-are-unique",
            "answers a on two pages"
        ),
    ])
    func answersAreTakenAsHostile(body: String, rule: String, words: String) async throws {
        let bench = try DriverBench()
        let driver = bench.driver(try await bench.plugin("odd", describing(body)))
        let error = await failure { try await driver.describe() }
        #expect(error.kind == .broken)
        #expect(error.message.contains("breaks the rule \(rule)"), "\(error)")
        #expect(error.message.contains(words), "\(error)")
    }

    /// As it was answered it comes back: a driver adds one to it.
    @Test func pagesMayHaveNumbers() async throws {
        let numbered = """
            local number = page.next or 1
            return { { id = "vm-" .. number, state = "ready" } }, number < 4 and number + 1 or nil
            """
        let bench = try DriverBench()
        let driver = bench.driver(try await bench.plugin("odd", describing(numbered)))
        #expect(try await driver.describe().map(\.resource.id) == ["vm-1", "vm-2", "vm-3", "vm-4"])
    }

    /// Two fleets on one account: neither takes the other's for its own.
    @Test func whatIsNotSaidToBeManagedIsByItsKey() async throws {
        let bench = try DriverBench()
        let body = """
            return {
              { id = "a", state = "ready", key = "shop/1/start/0/web" }, { id = "b", state = "ready", key = "shop2/1/start/0/web" },
              { id = "c", state = "ready" }, { id = "d", state = "ready", managed = true },
            }
            """
        let driver = bench.driver(try await bench.plugin("odd", describing(body)), fleet: "shop")
        #expect(try await driver.describe().map(\.resource.managed) == [true, false, false, true])
    }

    @Test func resourcesOfAllPagesAreSeen() async throws {
        let pages = """
            local start = page.next and tonumber(page.next) or 0
            local list = {}
            for i = start + 1, start + 500 do list[#list + 1] = { id = "vm-" .. i, state = "ready", labels = { zone = "a", rack = i } } end
            return list, start < 1500 and tostring(start + 500) or nil
            """
        let bench = try DriverBench()
        let driver = bench.driver(try await bench.plugin("odd", describing(pages)))
        let resources = try await driver.describe()
        #expect(resources.count == 2000)
        #expect(resources.allSatisfy { !$0.resource.managed && $0.resource.labels.count == 2 })
    }

    @Test func aDriverThatHangsEndsAtItsLimitAndIsSaidToBeBroken() async throws {
        let bench = try DriverBench()
        let driver = bench.driver(try await bench.plugin("odd", describing("while true do end")))
        let error = await failure { try await driver.describe() }
        #expect(error.kind == .broken)
        #expect(error.message.contains("does it loop for ever?"), "\(error)")
        // The next call has a worker as good as new.
        #expect(try await driver.retire(RetireRequest(ids: ["nobody"], key: "k")) == [])
    }

    @Test func aCallEndsAtItsDeadlineWhateverItWaitsFor() async throws {
        let bench = try DriverBench()
        var rules = PluginDriverRules.quick
        rules.describeTime = .milliseconds(300)
        rules.attempts = 1
        let driver = bench.driver(
            try await bench.plugin("odd", describing("while true do host.sleep(0.05) end")),
            rules: rules
        )
        let error = await failure { try await driver.describe() }
        #expect(error.kind == .unavailable)
        #expect(error.message.contains("the time of describe is over"), "\(error)")
    }

    @Test func theBreakerOpensAfterFailuresAndTriesAgainLater() async throws {
        let bench = try DriverBench()
        let driver = bench.driver(try await bench.plugin("odd", describing("error('the sky fell')")))
        for _ in 0..<3 {
            let error = await failure { try await driver.describe() }
            #expect(error.message.contains("plugins/odd/plugin.lua:"), "\(error)")
        }
        let held = await failure { try await driver.describe() }
        #expect(held.kind == .unavailable)
        #expect(
            held.message.contains("failed 3 times in a row and is left alone for 15 s more; the last time:"),
            "\(held)"
        )
        #expect(driver.health?.breaker == .open(until: Timestamp(milliseconds: 1_700_000_015_000)))
        #expect(driver.health?.calls == 3)
        driver.lift()
        let again = await failure { try await driver.describe() }
        #expect(again.message.contains("the sky fell"))
    }

    @Test func theBreakerHalfOpensAndItsPausesGrow() {
        var breaker = Breaker()
        let start = Timestamp(milliseconds: 0)
        for _ in 0..<3 { breaker.failed(at: start) }
        let early = breaker.admits(at: start + .seconds(14))
        let late = breaker.admits(at: start + .seconds(15))
        #expect(!early && late)
        #expect(breaker.state == .halfOpen)
        breaker.failed(at: start + .seconds(15))
        #expect(breaker.state == .open(until: start + .seconds(45)))
        let later = breaker.admits(at: start + .seconds(45))
        #expect(later)
        breaker.succeeded()
        #expect(breaker.state == .closed && breaker.failures == 0)
    }

    @Test func aDriverThatLiesAgainAndAgainIsQuarantined() async throws {
        let bench = try DriverBench()
        var rules = PluginDriverRules.quick
        rules.breaker.failures = .max
        let driver = bench.driver(try await bench.plugin("odd", describing("return 'lies'")), rules: rules)
        for _ in 0..<5 { _ = await failure { try await driver.describe() } }
        let error = await failure { try await driver.describe() }
        #expect(error.message.contains("it is quarantined"), "\(error)")
        #expect(driver.health?.quarantined != nil)
        #expect(driver.health?.calls == 5)
    }

    @Test func callsThatMayPassAreMadeAgain() async throws {
        let bench = try DriverBench()
        let faults = FirstFails(times: 2)
        let pauses = Mutex<[Duration]>([])
        var rules = PluginDriverRules.quick
        rules.pause = { pause in pauses.withLock { $0.append(pause) } }
        let driver = bench.driver(try await bench.plugin("odd", SmallDriver.text()), rules: rules, faults: faults)
        let answer = try await driver.provision(ProvisionRequest(count: 2, persona: .small, files: [], key: "k"))
        #expect(answer.ids.count == 2)
        #expect(pauses.withLock { $0 } == [.milliseconds(200), .milliseconds(400)])
        #expect(try await driver.describe().count == 2)
    }

    @Test func aNeighbourIsNotHeldUpByAFleetThatWaits() async throws {
        let bench = try DriverBench()
        var patient = PluginDriverRules.quick
        patient.describeTime = .seconds(600)
        let sleeps =
            "local function describe(host) host.exec { command = 'sleep', args = { '600' }, timeout = 300 } end"
        let slow = bench.driver(
            try await bench.plugin(
                "odd",
                SmallDriver.text(needs: "exec = { 'sleep' }, files = { 'state' }", ["describe": sleeps])
            ),
            fleet: "slow",
            rules: patient
        )
        let quick = bench.driver(try await bench.plugin("odd", SmallDriver.text()), fleet: "quick")
        let waiting = Task { try await slow.describe() }
        for number in 0..<20 {
            let answer = try await quick.provision(
                ProvisionRequest(count: 1, persona: .small, files: [], key: "k\(number)")
            )
            #expect(answer.ids.count == 1)
        }
        #expect(slow.health?.calls == 0, "it waits still")
        waiting.cancel()
        _ = try? await waiting.value
    }

    // MARK: Secrets

    @Test func secretsStandInNoLogAndNoError() async throws {
        let secret = "hunter2-hunter2"
        let bench = try DriverBench(secrets: ["TROUPE_SECRET_API_KEY": secret])
        let text = SmallDriver.text(
            needs: "files = { \"state\" }, secrets = { \"api-key\" }",
            [
                "describe": """
                local function describe(host)
                  local key = host.secret("api-key")
                  host.log("the key is " .. key)
                  print("in base64: " .. host.base64.encode(key))
                  error("the service said no to " .. key)
                end
                """
            ]
        )
        let driver = bench.driver(try await bench.plugin("odd", text))
        let error = await failure { try await driver.describe() }
        #expect(error.message.contains("the service said no to [secret api-key]"), "\(error)")
        #expect(bench.lines.texts == ["the key is [secret api-key]", "in base64: [secret api-key]"])
        #expect(!"\(String(describing: driver.health))".contains(secret))
    }

    @Test func aSecretThatIsNotDeclaredIsNotRead() async throws {
        let bench = try DriverBench(secrets: ["TROUPE_SECRET_OTHER": "hunter2-hunter2"])
        let driver = bench.driver(try await bench.plugin("odd", describing("pcall(host.secret, 'other') return {}")))
        let error = await failure { try await driver.describe() }
        #expect(error.message.contains("breaks the rule capabilities-hold"), "\(error)")
        #expect(error.message.contains("secret other is not declared"), "\(error)")
    }

    // MARK: Folders and programs

    @Test(arguments: ["/etc/passwd", "../../elsewhere", "link/passwd"]) func filesStayWithinTheirFolders(path: String)
        async throws
    {
        let bench = try DriverBench()
        let state = bench.services.stateFolder(plugin: "odd", fleet: "shop")
        try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            at: state.appending(path: "link"),
            withDestinationURL: URL(fileURLWithPath: "/etc")
        )
        let driver = bench.driver(try await bench.plugin("odd", describing("host.file.read('\(path)') return {}")))
        let error = await failure { try await driver.describe() }
        #expect(error.message.contains("file \(path) is not declared"), "\(error)")
    }

    @Test func programsRunWithWhatTheyAreGivenAndEndInTime() async throws {
        let bench = try DriverBench()
        let body = """
            local answer = host.exec { command = "sh", args = { "-c", "cat; echo to $1 >&2; exit 3", "sh", "err" }, stdin = "in" }
            assert(answer.code == 3 and answer.stdout == "in" and answer.stderr == "to err\\n", answer.stdout .. answer.stderr)
            local ended, why = pcall(host.exec, { command = "sh", args = { "-c", "sleep 30" }, timeout = 0.3 })
            assert(not ended and why:find("did not end within 300ms", 1, true), why)
            local allowed, refusal = pcall(host.exec, { command = "true" })
            return {}
            """
        let text = SmallDriver.text(
            needs: "exec = { \"sh\" }, files = { \"state\" }",
            ["describe": "local function describe(host)\n\(body)\nend"]
        )
        let driver = bench.driver(try await bench.plugin("odd", text))
        let error = await failure { try await driver.describe() }
        #expect(error.message.contains("command true is not declared in the needs of driver odd"), "\(error)")
    }

    @Test func textsAreComputedByTheHost() async throws {
        let bench = try DriverBench()
        let body = """
            local value = host.json.decode('{"a":[1,2.5,"x\\\\u00e9",true,null],"b":{},"n":null}')
            assert(value.a[1] == 1 and value.a[2] == 2.5 and value.a[3] == "xé" and value.a[4] == true and value.a[5] == false and value.n == nil)
            assert(host.json.encode { b = 1, a = { "x\\n", 2 } } == '{"a":["x\\\\n",2],"b":1}', host.json.encode { b = 1, a = { "x\\n", 2 } })
            assert(host.base64.encode("hallo") == "aGFsbG8=" and host.base64.decode("aGFsbG8=") == "hallo")
            assert(host.sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
            assert(host.hmac_sha256("key", "The quick brown fox jumps over the lazy dog")
              == "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8")
            assert(host.now() == 1700000000)
            return {}
            """
        let driver = bench.driver(try await bench.plugin("odd", describing(body)))
        #expect(try await driver.describe().isEmpty)
    }
}

/// Lets the first calls of the host fail, before they are made.
private final class FirstFails: HostFaults {
    private let left: Mutex<Int>

    init(times: Int) { left = Mutex(times) }

    func before(_ call: HostCall) async -> String? {
        left.withLock { left in
            guard left > 0 else { return nil }
            left -= 1
            return "no answer"
        }
    }

    func after(_ call: HostCall) async -> String? { nil }
}
