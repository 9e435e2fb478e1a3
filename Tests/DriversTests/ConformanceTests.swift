import Control
import Domain
import Drivers
import Foundation
import Scripting
import Simulation
import Synchronization
import TestSupport
import Testing

/// The suite passes what is sound and catches what is not, by the name of the rule.
@Suite(.serialized) struct ConformanceTests {
    private func report(
        _ bench: DriverBench,
        _ plugin: Plugin,
        second: String? = nil,
        page: Int? = nil,
        full: ConformanceSubject.FullTarget? = nil
    ) async throws -> ConformanceReport {
        let faults = FaultPlan()
        var rules = PluginDriverRules.quick
        rules.breaker.failures = .max
        rules.liesBeforeQuarantine = .max
        let driver = bench.driver(plugin, fleet: "conformance", rules: rules, faults: faults)
        return await ConformanceSuite(
            ConformanceSubject(
                name: plugin.name,
                driver: driver,
                personas: [.small, .large],
                configures: true,
                faults: faults,
                secondFleet: second.map { bench.driver(plugin, fleet: $0, rules: rules) },
                fullTarget: full,
                pageSize: { page ?? driver.pageSize },
                looks: 3,
                pause: {}
            )
        )
        .run()
    }

    private func failures(_ changes: [String: String]) async throws -> [ConformanceReport.Check] {
        let bench = try DriverBench()
        return try await report(bench, try await bench.plugin("odd", SmallDriver.text(changes))).failures
    }

    @Test func aSoundDriverPasses() async throws {
        let bench = try DriverBench()
        let report = try await report(bench, try await bench.plugin("odd", SmallDriver.text()))
        #expect(report.passes, "\(report.text)")
        #expect(report.junit.contains("failures=\"0\""))
    }

    @Test(arguments: ["process", "webhook"]) func shippedDriversPass(name: String) async throws {
        let bench = try DriverBench()
        let plugin = try await bench.shipped(name)
        let trial = try await PluginTrial(of: plugin, in: DriverBench.shipped, workers: bench.loading)
        let report = try await trial.run(
            plugin,
            in: DriverBench.shipped,
            secrets: SecretSource(folder: nil, environment: [:]),
            workers: bench.workers
        )
        #expect(report.passes, "\(report.text)")
    }

    @Test func theSimulatedDriverPasses() async throws {
        let clock = StepClock()
        let fleet = SimulatedFleet(name: "sim", personas: ["small", "large"], start: clock.now, lead: .seconds(30))
        let driver = SimulatedDriver(fleet, clock: clock)
        let report = await ConformanceSuite(
            ConformanceSubject(
                name: "simulated",
                driver: driver,
                personas: [.small, .large],
                configures: true,
                digest: ConfigDigest.of,
                pause: { clock.step(.seconds(10)) }
            )
        )
        .run()
        #expect(report.passes, "\(report.text)")
    }

    // MARK: Broken drivers

    @Test func aDriverThatDoublesOnRetryIsCaught() async throws {
        let doubling = """
            local function provision(host, target, request)
              local list, ids = load(host), {}
              for i = 1, request.count do
                local id = "vm-" .. #list + 1
                list[#list + 1] = { id = id, key = request.key, persona = request.persona }
                ids[#ids + 1] = id
              end
              save(host, list)
              return { ids = ids, refused = 0 }
            end
            """
        let failures = try await failures(["provision": doubling])
        #expect(
            failures.contains { $0.rule == .idempotentProvision && "\($0.outcome)".contains("for the same key again") }
        )
    }

    @Test func aDriverThatHidesFailuresIsCaught() async throws {
        let hiding = """
            local function provision(host, target, request)
              local list, ids = load(host), {}
              for i = 1, request.count do ids[i] = host.sha256(request.key):sub(1, 12) .. "-" .. i end
              local there = {}
              for _, r in ipairs(list) do there[r.id] = true end
              for _, id in ipairs(ids) do
                if not there[id] then list[#list + 1] = { id = id, key = request.key, persona = request.persona } end
              end
              pcall(save, host, list)
              return { ids = ids, refused = 0 }
            end
            """
        let failures = try await failures(["provision": hiding])
        #expect(failures.contains { $0.rule == .truthAfterFailure && "\($0.outcome)".contains("hides the failure") })
    }

    @Test func aDriverThatRetiresTheWrongOneIsCaught() async throws {
        let careless = """
            local function retire(host, target, request)
              local list = load(host)
              for _ = 1, math.min(#request.ids, #list) do table.remove(list, 1) end
              save(host, list)
              return request.ids
            end
            """
        let failures = try await failures(["retire": careless])
        #expect(failures.contains { $0.rule == .retireSpares })
    }

    @Test func aDriverThatIgnoresADryRunIsCaught() async throws {
        let eager = """
            local function precheck(host, target, plan)
              for _, group in ipairs(plan.start) do
                provision(host, target, { count = group.count, persona = group.persona, key = "eager" })
              end
            end
            """
        let failures = try await failures(["precheck": eager])
        #expect(
            failures.contains {
                $0.rule == .inertPrecheck && "\($0.outcome)".contains("host.file.write changes something")
            }
        )
    }

    @Test func aDriverThatReachesForAnUndeclaredHostIsCaught() async throws {
        let curious = """
            local function describe(host)
              pcall(host.http, { url = "http://127.0.0.1:1/collect" })
              local list = {}
              for _, r in ipairs(load(host)) do
                list[#list + 1] = { id = r.id, key = r.key, persona = r.persona, state = "ready", managed = true, configuration = r.configuration }
              end
              return list
            end
            """
        let failures = try await failures(["describe": curious])
        #expect(
            failures.contains {
                $0.rule == .capabilitiesHold
                    && "\($0.outcome)"
                        .contains("GET http://127.0.0.1:1/collect is not declared in the needs of driver odd")
            }
        )
    }

    /// The list of the account, three to a page; `next` is what a driver may get wrong.
    private static func paged(next: String = "last") -> String {
        """
        local function describe(host, target, page)
          local list, all = {}, load(host)
          local from = page.next or 0
          local last = math.min(from + 3, #all)
          for i = from + 1, last do
            local r = all[i]
            list[#list + 1] = { id = r.id, key = r.key, persona = r.persona, state = "ready", managed = true, configuration = r.configuration }
          end
          if last < #all then return list, \(next) end
          return list
        end
        """
    }

    @Test func aDriverThatPagesWellPassesAndIsTriedWithThreePages() async throws {
        let bench = try DriverBench()
        let plugin = try await bench.plugin("odd", SmallDriver.text(["describe": Self.paged()]))
        let report = try await report(bench, plugin)
        #expect(report.passes, "\(report.text)")
        #expect(report.checks.contains { $0.rule == .pagesAreWhole && $0.outcome == .passed }, "\(report.text)")
    }

    @Test(arguments: [
        (paged(next: "last + 1"), DriverRule.pagesAreWhole, "on no page"),
        (paged(next: "last - 1"), .uniqueIDs, "on two pages"),
        (paged(next: "nil"), .pagesAreWhole, "on no page"),
        (paged(next: "{ next = last }"), .shape, "as its second value"),
    ])
    func aDriverThatLosesResourcesBetweenPagesIsCaughtByThat(describe: String, rule: DriverRule, words: String)
        async throws
    {
        let bench = try DriverBench()
        let plugin = try await bench.plugin("odd", SmallDriver.text(["describe": describe]))
        let report = try await report(bench, plugin, page: 3)
        let first = try #require(report.failures.first, "\(report.text)")
        #expect(first.rule == rule && "\(first.outcome)".contains(words), "\(report.text)")
        #expect(!report.text.contains("doubled"), "\(report.text)")
    }

    @Test(arguments: ["\"made-up\"", "r.configuration and \"md5-of-the-files\"", "r.persona"])
    func aDriverWhoseConfigurationIsNotWhatItWasGivenIsCaught(shown: String) async throws {
        let describe = try #require(SmallDriver.sound.first { $0.name == "describe" }).text
            .replacing("configuration = r.configuration", with: "configuration = \(shown)")
        let failures = try await failures(["describe": describe])
        #expect(
            failures.contains {
                $0.rule == .configureTakes && "\($0.outcome)".contains("Troupe would configure it again at every look")
            }
        )
    }

    @Test func aDriverThatNeverTellsAConfigurationPasses() async throws {
        let describe = try #require(SmallDriver.sound.first { $0.name == "describe" }).text
            .replacing(", configuration = r.configuration", with: "")
        #expect(try await failures(["describe": describe]).isEmpty)
    }

    /// An account that both fleets see: a folder of the machine.
    @Test(arguments: [("true", true), ("nil", false), ("r.key:find(host.fleet .. '/', 1, true) == 1", false)])
    func aDriverThatTakesAnothersResourcesForItsOwnIsCaught(managed: String, isCaught: Bool) async throws {
        let bench = try DriverBench()
        let account = bench.folder.file("account")
        try FileManager.default.createDirectory(atPath: account, withIntermediateDirectories: true)
        var changes: [String: String] = [:]
        for (name, text) in SmallDriver.sound {
            changes[name] = text.replacing("\"fleet.json\"", with: "\"\(account)/fleet.json\"")
                .replacing("managed = true", with: "managed = \(managed)")
        }
        let plugin = try await bench.plugin("odd", SmallDriver.text(needs: "files = { \"\(account)\" }", changes))
        let report = try await report(bench, plugin, second: "conformance-2")
        #expect(report.failures.contains { $0.rule == .fleetsApart } == isCaught, "\(report.text)")
        #expect(report.passes != isCaught, "\(report.text)")
    }

    @Test func aDriverWhoseDescribeFailsIsToldOnceAndNothingElse() async throws {
        let bench = try DriverBench()
        let silent = "local function describe() return nil, 'there is no account x', 'refused' end"
        let report = try await report(bench, try await bench.plugin("odd", SmallDriver.text(["describe": silent])))
        #expect(report.checks.count == 1 && !report.passes, "\(report.text)")
        #expect(report.text.contains("there is no account x"))
        #expect(report.text.contains("Nothing else is tried"))
    }

    @Test func aDriverThatStartsNothingHasNoHollowPasses() async throws {
        let bench = try DriverBench()
        let stingy = """
            local function provision(host, target, request)
              return { ids = {}, refused = request.count, reason = "the account is closed" }
            end
            """
        let report = try await report(bench, try await bench.plugin("odd", SmallDriver.text(["provision": stingy])))
        let truths = report.checks.filter { $0.rule == .truthAfterFailure }
        #expect(truths.count == 4 && truths.allSatisfy { $0.outcome != .passed }, "\(report.text)")
        #expect(report.text.contains("nothing could be started, for \"the account is closed\""), "\(report.text)")
    }

    @Test(
        arguments: [
            ("return { ids = {}, refused = request.count, reason = 'quota is used up' }", nil),
            ("return { ids = {}, refused = request.count }", "without a reason"),
            ("return nil, 'quota is used up', 'refused'", "provision fails; expected { ids"),
            (nil, "all 3 were had"),
        ] as [(String?, String?)]
    )
    func aTargetWithoutRoomIsRefusedWithAReason(body: String?, fault: String?) async throws {
        let bench = try DriverBench()
        let changes = body.map { ["provision": "local function provision(host, target, request) \($0) end"] } ?? [:]
        let full = ConformanceSubject.FullTarget(
            name: "target { zone = \"full\" }",
            driver: bench.driver(
                try await bench.plugin("full", SmallDriver.text(changes).replacing("\"odd\"", with: "\"full\""))
            ),
            count: 3
        )
        let report = try await report(bench, try await bench.plugin("odd", SmallDriver.text()), full: full)
        #expect(report.passes == (fault == nil), "\(report.text)")
        if let fault { #expect(report.text.contains(fault), "\(report.text)") }
    }

    @Test func aFailingRunSaysWhatItLeaves() async throws {
        let keeping = """
            local function retire(host, target, request) load(host) return request.ids end
            """
        let bench = try DriverBench()
        let report = try await report(bench, try await bench.plugin("odd", SmallDriver.text(["retire": keeping])))
        let last = try #require(report.checks.last)
        #expect(
            "\(last.outcome)".contains("still there: ") && "\(last.outcome)".contains("Retire them by hand"),
            "\(report.text)"
        )
    }

    /// What the host says of its own options is no word of the driver's.
    @Test(arguments: [
        (
            "fleet c: describe: plugins/odd/plugin.lua:3: host.http: \"x\" is no address, url and all", "url", true,
            false
        ),
        ("fleet c: describe: target.url is no address: host.http: x", "url", true, true),
        ("fleet c: describe: there is no project x at url http://a/", "url", true, true),
        ("fleet c: describe: GET http://a/projects/x answered 404", "project", true, false),
        ("fleet c: describe: plugins/url/plugin.lua:3: no", "url", true, false),
        (
            "fleet c: describe: plugins/odd/plugin.lua:3: host.process.start: there is no program xyz in /bin", "xyz",
            false, true
        ),
        ("fleet c: describe: GET ftp://a answered", "ftp://", false, true),
    ])
    func aComplaintNamesWhatIsWrongInTheDriversOwnWords(message: String, names: String, isKey: Bool, holds: Bool)
        async throws
    {
        let bench = try DriverBench()
        let wrong = ConformanceSubject.WrongTarget(
            name: "target",
            driver: FailingDriver(error: DriverError(.refused, driver: "odd", message)),
            names: names,
            isKey: isKey
        )
        let subject = ConformanceSubject(
            name: "odd",
            driver: bench.driver(try await bench.plugin("odd", SmallDriver.text())),
            personas: [.small],
            configures: true,
            wrongTargets: [wrong],
            looks: 1,
            pause: {}
        )
        let report = await ConformanceSuite(subject).run()
        #expect(report.failures.contains { $0.rule == .wrongConfig } != holds, "\(report.text)")
    }

    private struct FailingDriver: FleetDriver {
        let error: DriverError
        func describe() async throws(DriverError) -> [DescribedResource] { throw error }
        func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult { throw error }
        func retire(_ request: RetireRequest) async throws(DriverError) -> [String] { throw error }
        func configure(_ request: ConfigureRequest) async throws(DriverError) { throw error }
    }

    @Test func aDriverThatMiscountsIsCaught() async throws {
        let vague = """
            local function provision(host, target, request) return { ids = { "one" }, refused = 0 } end
            """
        let failures = try await failures(["provision": vague])
        #expect(failures.contains { $0.rule == .countsAddUp })
    }
}

/// Time that a test moves.
final class StepClock: LoopClock {
    private let time = Mutex(Timestamp(milliseconds: 1_772_452_800_000))
    var now: Timestamp { time.withLock { $0 } }
    func step(_ span: TimeSpan) { time.withLock { $0 = $0 + span } }
    func sleep(until time: Timestamp) async throws {}
}
