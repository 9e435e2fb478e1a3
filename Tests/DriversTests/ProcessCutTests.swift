import Domain
import Drivers
import Foundation
import ScriptProtocol
import TestSupport
import Testing

/// A Troupe that is killed in the middle of a call to the process driver: another one over the same folder finds its way.
@Suite(.serialized) struct ProcessCutTests {
    /// Writes the files it starts with beside its folder, then waits; leaves when told to, and says so.
    private static let command =
        "sh -c 'trap \"echo told >> $0/../../told; exit\" TERM; cat app.conf >> $0/../../ran; while :; do sleep 0.05; done' {folder} {port}"

    private func request(_ file: String, key: String) -> ProvisionRequest {
        ProvisionRequest(
            count: 1,
            persona: .small,
            files: [ConfigTemplate(path: "app.conf", contents: "\(file)\n")],
            key: key
        )
    }

    /// A bench with one process, and how to look at it.
    private struct One {
        let bench: DriverBench
        let target: [String: String]
        let plan = FaultPlan()
        let driver: PluginDriver
        let id: String

        init(_ test: ProcessCutTests, ports: Int) async throws {
            bench = try DriverBench(realTime: true)
            target = ["command": ProcessCutTests.command, "ports": Ports.range(ports), "drain": "60s"]
            driver = bench.driver(try await bench.shipped("process"), target: target, rules: .once, faults: plan)
            id = try #require(try await driver.provision(test.request("one", key: "k1")).ids.first)
            #expect(try await eventually { try words("ran") == ["one"] })
        }

        /// As a Troupe that was started again sees it.
        var restarted: PluginDriver { bench.driver(driver.plugin, target: target) }

        private var folder: URL { bench.services.stateFolder(plugin: "process", fleet: "shop") }

        func words(_ file: String) throws -> [String] {
            let text = (try? String(contentsOf: folder.appending(path: file), encoding: .utf8)) ?? ""
            return text.split(separator: "\n").map(String.init)
        }

        /// How many processes run for it, whoever knows of them.
        var running: Int {
            let work = folder.appending(path: "work/\(id)").resolvingSymlinksInPath().path
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return all.count { entry in
                guard Int32(entry) != nil,
                    let place = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(entry)/cwd"),
                    let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
                else { return false }
                return place == work && String(decoding: line, as: UTF8.self).contains("while :;")
            }
        }
    }

    private func change(_ one: One, _ file: String, key: String) -> ConfigureRequest {
        ConfigureRequest(
            resource: one.id,
            persona: .large,
            files: [ConfigTemplate(path: "app.conf", contents: "\(file)\n")],
            key: key,
            digest: file
        )
    }

    @Test(arguments: [FaultPlan.Moment.before, .after])
    func newFilesThatAreCutOffAreTakenUpAndNoProcessIsLost(moment: FaultPlan.Moment) async throws {
        let one = try await One(self, ports: moment == .before ? 0 : 1)
        one.plan.clear()
        try await one.driver.configure(change(one, "calm", key: "calm"))
        let calls = one.plan.clear()
        #expect(calls > 5)
        for index in 0..<calls {
            let file = "file-\(index)"
            one.plan.plan(index, moment, stays: true)
            _ = try? await one.driver.configure(change(one, file, key: "cut-\(index)"))
            one.plan.clear()
            let seen = try await one.restarted.describe()
            #expect(seen.map(\.resource.id) == [one.id], "call \(index) \(moment): it is lost")
            if seen.first?.configuration != file {
                try await one.restarted.configure(change(one, file, key: "again-\(index)"))
            }
            let knows = try await eventually { try one.words("ran").last == file }
            #expect(knows, "call \(index) \(moment): the process does not know its files")
            #expect(try await one.restarted.describe().map(\.configuration) == [file])
            // While the shell forks, there are two for a moment.
            let isOne = try await eventually(within: .seconds(20)) { one.running == 1 }
            #expect(isOne, "call \(index) \(moment): \(one.running) processes")
        }
        _ = try await one.restarted.retire(RetireRequest(ids: [one.id], key: "end"))
        #expect(try await eventually { try await one.restarted.describe().isEmpty })
        #expect(one.running == 0)
    }

    @Test(arguments: [FaultPlan.Moment.before, .after], 0..<4)
    func whoIsToLeaveIsToldAlsoWhereTheCallWasCutOff(moment: FaultPlan.Moment, index: Int) async throws {
        let one = try await One(self, ports: moment == .before ? 2 : 3)
        one.plan.plan(index, moment, stays: true)
        _ = try? await one.driver.retire(RetireRequest(ids: [one.id], key: "leave"))
        one.plan.clear()
        // What a look shows as leaving is not asked for again.
        if try await one.restarted.describe().contains(where: { $0.resource.state != .draining }) {
            _ = try await one.restarted.retire(RetireRequest(ids: [one.id], key: "leave"))
        }
        #expect(try await eventually { try await one.restarted.describe().isEmpty })
        #expect(try one.words("told") == ["told"])
    }

    @Test func whatWasPlannedAndNotStartedHoldsNoPort() async throws {
        let bench = try DriverBench(realTime: true)
        let plugin = try await bench.shipped("process")
        let target = ["command": Self.command, "ports": Ports.range(4, of: 1)]
        let cut = bench.driver(plugin, target: target, rules: .once, faults: NothingStarts())
        await #expect(throws: DriverError.self) { try await cut.provision(request("one", key: "k1")) }
        let driver = bench.driver(plugin, target: target)
        #expect(try await driver.describe().isEmpty)
        #expect(try await driver.precheck(PrecheckPlan(starts: [.init(count: 1, persona: .small)])).isEmpty)
        #expect(try await driver.provision(request("two", key: "k2")).ids.count == 1)
        let late = try await driver.provision(request("one", key: "k1"))
        #expect(late.ids.isEmpty && late.refused == 1)
    }

    private struct NothingStarts: HostFaults {
        func before(_ call: HostCall) async -> String? { call.name == "process.start" ? "it does not start" : nil }
        func after(_ call: HostCall) async -> String? { nil }
    }

    @Test func aLookWaitsForAStartThatWasBegun() async throws {
        let one = try await One(self, ports: 0)
        let record = one.bench.folder.file("state/.processes/process/shop/\(one.id)")
        let text = try String(contentsOfFile: record, encoding: .utf8)
        // As the child of a Troupe that is no more has it between its fork and its first word.
        let file = open(record, O_RDWR)
        #expect(flock(file, LOCK_EX) == 0 && ftruncate(file, 0) == 0)
        let state = one.bench.folder.file("state/process/shop/resources/\(one.id).json")
        let known = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: state))) as? [String: Any]
        )
        try JSONSerialization.data(withJSONObject: known.filter { $0.key != "process" })
            .write(to: URL(fileURLWithPath: state))
        async let seen = one.restarted.describe()
        try await Task.sleep(for: .milliseconds(100))
        #expect(text.withCString { pwrite(file, $0, strlen($0), 0) } > 0)
        close(file)
        #expect(try await seen.map(\.resource.id) == [one.id])
    }
}

extension PluginDriverRules {
    /// A call is made once.
    fileprivate static var once: PluginDriverRules {
        var rules = PluginDriverRules.quick
        rules.attempts = 1
        rules.breaker.failures = .max
        return rules
    }
}
