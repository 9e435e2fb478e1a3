import Control
import Domain
import Drivers
import Foundation
import Scripting
import Simulation
import Synchronization
import Testing

/// The suite passes what is sound and catches what is not, by the name of the rule.
@Suite(.serialized) struct ConformanceTests {
    private func report(_ bench: DriverBench, _ plugin: Plugin) async throws -> ConformanceReport {
        let faults = FaultPlan()
        var rules = PluginDriverRules.quick
        rules.breaker.failures = .max
        rules.liesBeforeQuarantine = .max
        let driver = bench.driver(plugin, rules: rules, faults: faults)
        return await ConformanceSuite(
            ConformanceSubject(
                name: plugin.name,
                driver: driver,
                personas: [.small, .large],
                configures: true,
                faults: faults,
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
