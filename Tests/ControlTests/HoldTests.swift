import Control
import Domain
import Drivers
import Foundation
import Scripting
import Simulation
import StateStore
import TestSupport
import Testing
import Workers

/// What a bad driver does holds its own fleet, is said, and is lifted by a person or a corrected version.
@Suite(.inTurn)
struct HoldTests {
    /// A real plugin in real workers, over a clock that stands.
    private final class PluginWorld {
        let bench: Bench
        let workers = DriverWorkers()
        let services: HostServices
        private let folder: TemporaryFolder

        init(describing body: String) throws {
            let clock = ManualClock()
            folder = try TemporaryFolder()
            services = HostServices(
                folder: URL(filePath: folder.file("plugins")),
                secrets: SecretSource(folder: nil, environment: [:]),
                now: { clock.now },
                log: { _ in }
            )
            let drivers = PluginDrivers(
                builtIn: SimulatedDrivers(clock: clock),
                services: services,
                workers: workers,
                grants: { _ in [] }
            )
            let depot = Bench.fleet("depot").replacing("\"simulated\"", with: "\"odd\"")
            bench = try Bench(
                ["policies/fleets/depot.lua": depot, "plugins/odd/plugin.lua": Self.plugin(body)],
                clock: clock,
                drivers: drivers
            )
        }

        static func plugin(_ body: String) -> String {
            """
            return driver {
              name = "odd", version = "1.0.0", api = 1, needs = {}, config = {}, can = {},
              describe = function(host, target, page) \(body) end,
              provision = function(host, target, request) return { ids = {}, refused = request.count } end,
              retire = function(host, target, request) return {} end,
            }
            """
        }

        /// The next look is as early as it can be.
        func step() async {
            bench.clock.advance(TimeSpan(milliseconds: 500))
            await bench.control.step()
        }

        func depot() async throws -> FleetStatus { try await bench.control.fleet(named: "depot") }

        func end() async {
            await services.shutdown()
            workers.shutdown()
        }
    }

    @Test func aDriverThatLiesIsHeldAloneAndSaidAndLifted() async throws {
        let world = try PluginWorld(describing: "return 7")
        let control = world.bench.control
        try await control.start()
        await world.step()
        let first = try await world.depot()
        #expect(first.driverHealth.state == .failing)
        #expect(first.driverHealth.reason?.contains("breaks the rule answers-have-their-shape") == true)
        #expect(first.driverHealth.nextTry == world.bench.clock.now + .seconds(15))
        #expect(first.driverHealth.lastLook == nil)

        var states: [DriverStatus.State] = []
        for _ in 0..<40 {
            try await world.bench.run(.seconds(15), demand: 300)
            states.append(try await world.depot().driverHealth.state)
        }
        #expect(states.contains(.leftAlone))
        let held = try await world.depot()
        #expect(held.driverHealth.state == .quarantined)
        #expect(held.driverHealth.calls == 5 && held.driverHealth.failures == 5)
        #expect(held.notes.contains { $0.contains("`troupe plugin lift odd --fleet depot`") }, "\(held.notes)")
        let script = try #require(await control.scripts().first { $0.kind == .driver })
        #expect(script.script == "plugins/odd/plugin.lua" && script.fleets == ["depot"])
        #expect(script.state == .quarantined && script.counts.failuresByKind == ["broken": 5])

        // Its neighbour was decided at every step and has what it asked for.
        let shop = try await control.fleet(named: "shop")
        #expect(shop.driverHealth.state == .ok && shop.notes.isEmpty, "\(shop.notes)")
        #expect(shop.target.map { $0 >= 3 } == true && shop.ready == shop.target)
        #expect(try world.bench.decisions("shop").count >= 40)
        #expect(try world.bench.decisions("depot").isEmpty)
        let nothing = await #expect(throws: ControlError.self) {
            try await control.liftDriver(of: "shop", by: "ada", reason: "")
        }
        #expect(nothing?.kind == .conflict)

        // Lifted, it is asked at once, however long it was to be left alone.
        let lifted = try await control.liftDriver(of: "depot", by: "ada", reason: "the vendor has looked at it")
        #expect(lifted.reason.contains("answers-have-their-shape"))
        #expect(
            world.bench.events.all.contains {
                if case .lifted(_, "ada", "the vendor has looked at it") = $0 { true } else { false }
            }
        )
        await world.step()
        #expect(try await world.depot().driverHealth.calls == 6)
        #expect(try await world.depot().driverHealth.state == .failing)
        await world.end()
    }

    @Test func aCorrectedDriverIsAskedAtOnce() async throws {
        let world = try PluginWorld(describing: "return 7")
        try await world.bench.control.start()
        for _ in 0..<40 { try await world.bench.run(.seconds(15), demand: nil) }
        #expect(try await world.depot().driverHealth.state == .quarantined)
        try Bench.write("plugins/odd/plugin.lua", PluginWorld.plugin("return {}"), in: world.bench.workspace)
        _ = try await world.bench.control.reloadFolder(by: "ada", reason: "corrected")
        await world.step()
        let health = try await world.depot().driverHealth
        #expect(health.state == .ok && health.failures == 0, "\(health)")
        #expect(health.lastLook == world.bench.clock.now)
        #expect(try world.bench.decisions("depot").count == 1)
        await world.end()
    }

    @Test func aScriptIsFoundByFileAndNameAndAnotherIsSaid() async throws {
        let world = try PluginWorld(describing: "error('the sky fell')")
        let control = world.bench.control
        try await control.start()
        for _ in 0..<4 { try await world.bench.run(.seconds(15), demand: nil) }
        #expect(try await world.depot().driverHealth.state == .leftAlone)
        let lifted = try await control.lift(script: "odd", by: "ada", reason: "")
        #expect(lifted.map(\.fleet) == ["depot"])
        #expect(lifted.first?.reason.contains("the sky fell") == true)
        let again = await #expect(throws: ControlError.self) {
            try await control.lift(script: "policies/scaling/quiet.lua", by: "ada", reason: "")
        }
        #expect(again?.kind == .conflict)
        let unknown = await #expect(throws: ControlError.self) {
            try await control.lift(script: "quite", by: "ada", reason: "")
        }
        #expect(unknown?.kind == .notFound && unknown?.message.contains("Did you mean \"quiet\"?") == true)
        let quiet = try #require(await control.scripts().first { $0.name == "quiet" })
        #expect(quiet.kind == .policy && quiet.fleets == ["depot", "shop"])
        await world.end()
    }

    /// Nobody is to be woken for a file that is not there.
    @Test func aPolicyThatIsGoneIsInNobodysWay() async throws {
        let path = "policies/scaling/deadly.lua"
        // A call through a long chain is one instruction: only the supervisor ends it.
        let deadly = """
            local policy = { name = "deadly" }
            function policy.propose(ctx)
              local f = type
              for i = 1, 30000 do f = setmetatable({}, { __call = f }) end
              while true do pcall(f) end
            end
            return policy
            """
        let workers = try WorkerPool()
        defer { workers.shutdown() }
        let depot = Bench.fleet("depot", policies: "\"deadly\"")
        let bench = try Bench([path: deadly, "policies/fleets/depot.lua": depot], workers: workers)
        try await bench.control.start()
        for _ in 0..<10 {
            await bench.control.step()
            if await bench.control.scripts().contains(where: { $0.state == .quarantined }) { break }
            bench.clock.advance(.minutes(1))
        }
        #expect(await bench.control.scripts().filter { $0.state == .quarantined }.map(\.script) == [path])
        // Others can change theirs meanwhile.
        try Bench.write("policies/fleets/yard.lua", Bench.fleet("yard"), in: bench.workspace)
        _ = try await bench.control.reloadFolder(by: "eve", reason: "a yard")
        #expect(await bench.control.scripts().filter { $0.state == .quarantined }.map(\.script) == [path])
        try Bench.write(path, nil, in: bench.workspace)
        try Bench.write("policies/fleets/depot.lua", Bench.fleet("depot"), in: bench.workspace)
        _ = try await bench.control.reloadFolder(by: "ada", reason: "away with it")
        #expect(await bench.control.scripts().allSatisfy { $0.state == .ok })
        // It is no better when it comes back.
        try Bench.write(path, deadly, in: bench.workspace)
        try Bench.write("policies/fleets/depot.lua", depot, in: bench.workspace)
        _ = try await bench.control.reloadFolder(by: "bob", reason: "back")
        bench.clock.advance(.minutes(1))
        await bench.control.step()
        #expect(await bench.control.scripts().first { $0.script == path }?.state == .quarantined)
    }

    @Test func aFleetThatLeavesLeavesItsHistory() async throws {
        let bench = try Bench(["policies/fleets/depot.lua": Bench.fleet("depot")])
        try await bench.control.start()
        await bench.control.step()
        let id = "depot-1"
        let request = AssignmentRequest(subject: .resource(id), persona: "safe", reason: "a look")
        _ = try await bench.control.assign(request, by: "ada", dryRun: false)
        #expect(try await bench.control.assignmentHistory(of: id).isGone == false)
        try Bench.write("policies/fleets/depot.lua", nil, in: bench.workspace)
        _ = try await bench.control.reloadFolder(by: "ada", reason: "moved")
        let history = try await bench.control.assignmentHistory(of: id)
        #expect(history.isGone == true)
        #expect(history.assignments.map(\.assignment.persona) == ["web", "safe"])
        // As long as not every fleet has been seen, nobody knows.
        let next = try bench.killed()
        try await next.control.start()
        #expect(try await next.control.assignmentHistory(of: id).isGone == nil)
        await next.control.step()
        #expect(try await next.control.assignmentHistory(of: id).isGone == true)
        let never = await #expect(throws: ControlError.self) {
            try await next.control.assignmentHistory(of: "depot-99")
        }
        #expect(never?.kind == .notFound)
    }
}
