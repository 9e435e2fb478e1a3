import Control
import Domain
import Drivers
import Foundation
import Scripting
import Simulation
import Synchronization
import TestSupport
import Testing

/// A plugin acts with the operator's grant and not without.
@Suite(.inTurn)
struct GrantTests {
    private let granted = Grants()

    final class Grants: Sendable {
        private let lines = Mutex<[String]?>(nil)
        var needs: [String]? {
            get { lines.withLock { $0 } }
            set { lines.withLock { $0 = newValue } }
        }
    }

    private func drivers(_ bench: DriverBench) -> PluginDrivers {
        PluginDrivers(
            builtIn: SimulatedDrivers(clock: StepClock()),
            services: bench.services,
            workers: bench.workers,
            grants: { [granted] _ in granted.needs }
        )
    }

    private func refusal(_ driver: any FleetDriver) async -> String? {
        do throws(DriverError) {
            _ = try await driver.describe()
            return nil
        } catch {
            return error.message
        }
    }

    private static let fleet = Fleet(name: "shop", driver: "odd", personas: ["small"], demand: .kpi("request_rate"))

    @Test func aPluginIsHeldUntilItIsGrantedAndAgainWhenItsNeedsGrow() async throws {
        let bench = try DriverBench()
        let drivers = drivers(bench)
        let plugin = try await bench.plugin("odd", SmallDriver.text())
        let driver = try drivers.driver(for: Self.fleet, personas: [.small], plugin: plugin, ready: nil, current: nil)
        #expect(
            await refusal(driver)
                == "it is not granted what it needs (files state). Look at it and run `troupe plugin grant odd`."
        )
        granted.needs = plugin.needs.lines
        #expect(await refusal(driver) == nil, "a grant holds at once")

        let grown = try await bench.plugin("odd", SmallDriver.text(needs: "files = { \"state\" }, exec = { \"sh\" }"))
        let second = try drivers.driver(for: Self.fleet, personas: [.small], plugin: grown, ready: nil, current: nil)
        #expect(
            await refusal(second)
                == "it needs more than it was granted (exec sh). Look at it and run `troupe plugin grant odd`."
        )
        granted.needs = nil
        #expect(await refusal(driver) != nil, "so does its withdrawal")
    }

    @Test func aFleetOfABuiltInDriverNeedsNoGrant() async throws {
        let bench = try DriverBench()
        let fleet = Fleet(name: "sim", personas: ["small"], demand: .kpi("request_rate"))
        let driver = try drivers(bench).driver(for: fleet, personas: [.small], plugin: nil, ready: 3, current: nil)
        #expect(try await driver.describe().count == 3)
    }

    @Test func aDriverThatDidNotChangeKeepsWhatIsKnownOfIt() async throws {
        let bench = try DriverBench()
        granted.needs = ["files state"]
        let drivers = drivers(bench)
        let plugin = try await bench.plugin(
            "odd",
            SmallDriver.text(["describe": "local function describe() error('no') end"])
        )
        var current: (any FleetDriver)?
        for _ in 0..<3 {
            let driver = try drivers.driver(
                for: Self.fleet,
                personas: [.small],
                plugin: plugin,
                ready: nil,
                current: current
            )
            _ = await refusal(driver)
            current = driver
        }
        let failed = try #require(current)
        #expect(failed.health?.failures == 3)
        let other = try await bench.plugin("odd", SmallDriver.text())
        let driver = try drivers.driver(
            for: Self.fleet,
            personas: [.small],
            plugin: other,
            ready: nil,
            current: failed
        )
        #expect(await refusal(driver) == nil)
        #expect(driver.health?.failures == 0, "a corrected one begins anew")
        #expect(failed.health?.failures == 3, "a change that may still be refused takes nothing from the one in force")
        failed.lift()
        #expect(failed.health?.breaker == .closed)
    }

    @Test func whatPluginNewWritesPassesTheSuite() async throws {
        let bench = try DriverBench()
        let root = URL(fileURLWithPath: bench.folder.file("new"))
        for file in PluginTemplate(name: "acme").files {
            let place = root.appending(path: file.path)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(file.text.utf8).write(to: place)
        }
        let plugin = try #require(try await Workspace.loadPlugins(folder: root, workers: bench.loading).first)
        let trial = try await PluginTrial(of: plugin, in: root, workers: bench.loading)
        let report = try await trial.run(
            plugin,
            in: root,
            secrets: SecretSource(folder: nil, environment: [:]),
            workers: bench.workers
        )
        #expect(report.passes, "\(report.text)")
    }

    @Test func aTrialWhoseFileIsWrongSaysAllThatIs() async throws {
        let bench = try DriverBench()
        let root = URL(fileURLWithPath: bench.folder.file("wrong"))
        var files = Dictionary(PluginTemplate(name: "acme").files.map { ($0.path, $0.text) }) { first, _ in first }
        files["plugins/acme/tests/conformance.lua"] =
            "return { target = { zoen = \"a\" }, warong = {}, wrong = { { target = {} } } }"
        for (path, text) in files {
            let place = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: place)
        }
        let plugin = try #require(try await Workspace.loadPlugins(folder: root, workers: bench.loading).first)
        do {
            _ = try await PluginTrial(of: plugin, in: root, workers: bench.loading)
            Issue.record("it is taken as it is")
        } catch {
            #expect(error.lines.count == 3, "\(error)")
            #expect(
                error.lines.contains {
                    $0.contains("unknown key target.zoen; known here: zone (did you mean \"zone\"?)")
                }
            )
        }
    }
}
