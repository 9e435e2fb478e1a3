import Domain
import Drivers
import Foundation
import Testing

/// The process driver with real processes.
@Suite(.serialized) struct ProcessDriverTests {
    static let target = [
        "command": "python3 -m http.server {port} --bind 127.0.0.1 --directory {folder}", "ports": Ports.range(0),
        "drain": "5s",
    ]

    @Test func processesStartServeAndLeave() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(try await bench.shipped("process"), target: Self.target)
        #expect(try await driver.describe().isEmpty)

        let file = ConfigTemplate(path: "/etc/app.conf", contents: "workers=2\n")
        let request = ProvisionRequest(count: 2, persona: .small, files: [file], key: "shop/1/start")
        let first = try await driver.provision(request)
        #expect(first.ids.count == 2 && first.refused == 0)
        let again = try await driver.provision(request)
        #expect(again == first, "a key starts nothing twice")

        #expect(
            try await eventually {
                try await driver.describe().filter { $0.resource.state == .ready }.count == 2
            },
            "both accept connections in the end"
        )
        let described = try await driver.describe()
        #expect(described.map(\.resource.id) == first.ids.sorted())
        #expect(
            described.allSatisfy { $0.key == "shop/1/start" && $0.resource.managed && $0.resource.persona == "small" }
        )

        // Another Troupe over the same folder finds them running.
        let restarted = bench.driver(driver.plugin, target: Self.target)
        #expect(try await restarted.describe().map(\.resource.id) == first.ids.sorted())

        let one = try #require(first.ids.first)
        let written = bench.services.stateFolder(plugin: "process", fleet: "shop")
            .appending(path: "work/\(one)/etc/app.conf")
        #expect(try String(contentsOf: written, encoding: .utf8) == "workers=2\n")

        let leaving = try #require(first.ids.first)
        #expect(
            try await restarted.retire(RetireRequest(ids: [leaving, "stranger"], key: "shop/2/retire")) == [leaving]
        )
        #expect(
            try await eventually {
                try await restarted.describe().map(\.resource.id) == first.ids.filter { $0 != leaving }
            },
            "the other one stays"
        )
        _ = try await restarted.retire(RetireRequest(ids: first.ids, key: "shop/3/retire"))
        #expect(try await eventually { try await restarted.describe().isEmpty })
    }
}

/// What happens to processes in the course of a day.
@Suite(.serialized) struct ProcessLifeTests {
    /// A server that says `REREAD` when it is told to read its files again, and takes no notice of `TERM` where it is stubborn.
    private static func server(stubborn: Bool = false) -> String {
        "python3 -c 'import http.server,signal,sys; signal.signal(signal.SIGHUP, lambda *a: print(\"REREAD\", flush=True)); "
            + (stubborn ? "signal.signal(signal.SIGTERM, signal.SIG_IGN); " : "")
            + "http.server.HTTPServer((\"127.0.0.1\", int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()' {port}"
    }

    private func ready(_ driver: PluginDriver, _ count: Int) async throws -> [DescribedResource] {
        let isReady = try await eventually {
            try await driver.describe().filter { $0.resource.state == .ready }.count == count
        }
        #expect(isReady)
        return try await driver.describe()
    }

    @Test func aSignalMakesAProcessReadItsFilesAgain() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: ["command": Self.server(), "ports": Ports.range(1), "reload": "HUP", "ready": "/"]
        )
        _ = try await driver.provision(ProvisionRequest(count: 1, persona: .small, files: [], key: "k1"))
        let id = try #require(try await ready(driver, 1).first?.resource.id)
        let request = ConfigureRequest(
            resource: id,
            persona: .large,
            files: [ConfigTemplate(path: "app.conf", contents: "two")],
            key: "k2",
            digest: "d2"
        )
        try await driver.configure(request)
        let folder = bench.services.stateFolder(plugin: "process", fleet: "shop").appending(path: "work/\(id)")
        let reread = try await eventually {
            try String(contentsOf: folder.appending(path: "output.log"), encoding: .utf8).contains("REREAD")
        }
        #expect(reread)
        #expect(try String(contentsOf: folder.appending(path: "app.conf"), encoding: .utf8) == "two")
        let now = try #require(try await driver.describe().first)
        #expect(now.resource.persona == "large" && now.configuration == "d2" && now.resource.state == .ready)
    }

    @Test func aProcessThatEndsByItselfIsGoneAndItsLastWordsAreLogged() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: ["command": "sh -c 'echo out of luck; exit 1' sh {port}", "ports": Ports.range(2)]
        )
        let started = try await driver.provision(ProvisionRequest(count: 1, persona: .small, files: [], key: "k1"))
        #expect(started.ids.count == 1)
        let isGone = try await eventually { try await driver.describe().isEmpty && !bench.lines.texts.isEmpty }
        #expect(isGone)
        #expect(
            bench.lines.texts.contains { $0.contains("has ended; its last words: out of luck") },
            "\(bench.lines.texts)"
        )
    }

    @Test func aProcessThatDoesNotLeaveIsKilledWhenItsTimeIsOver() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: ["command": Self.server(stubborn: true), "ports": Ports.range(3), "drain": "1s"]
        )
        let started = try await driver.provision(ProvisionRequest(count: 1, persona: .small, files: [], key: "k1"))
        _ = try await ready(driver, 1)
        _ = try await driver.retire(RetireRequest(ids: started.ids, key: "k2"))
        #expect(try await driver.describe().first?.resource.state == .draining)
        let isGone = try await eventually { try await driver.describe().isEmpty }
        #expect(isGone)
    }

    @Test func whereNoPortIsLeftTheRestIsRefusedWithTheReason() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: ["command": Self.server(), "ports": Ports.range(4, of: 2)]
        )
        let plan = PrecheckPlan(starts: [.init(count: 3, persona: .small)])
        #expect(
            try await driver.precheck(plan) == [
                "3 processes need a port each, and 2 of \(Ports.range(4, of: 2)) are left"
            ]
        )
        let answer = try await driver.provision(ProvisionRequest(count: 3, persona: .small, files: [], key: "k1"))
        #expect(answer.ids.count == 2 && answer.refused == 1)
        #expect(answer.reason == "no port of \(Ports.range(4, of: 2)) is free; widen target.ports")
    }
}

/// What a fleet that grew large, or went wrong, looks like.
@Suite(.serialized) struct ManyProcessesTests {
    @Test func moreThanOneCallStartsAreAskedForAgainAndAllAreSeen() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: ["command": "sh -c 'exec sleep 600' sh {port}", "ports": "30000-32000"]
        )
        let first = try await driver.provision(ProvisionRequest(count: 230, persona: .small, files: [], key: "k1"))
        #expect(first.ids.count == 200 && first.refused == 30)
        #expect(first.reason == "one call starts 200; the others are asked for again")
        let rest = try await driver.provision(ProvisionRequest(count: 30, persona: .small, files: [], key: "k2"))
        #expect(rest.ids.count == 30 && rest.refused == 0)
        let seen = try await driver.describe()
        #expect(
            seen.map(\.resource.id) == (first.ids + rest.ids).sorted(),
            "pages leave nobody out and name nobody twice"
        )
        let ports = Set(seen.flatMap(\.resource.labels).filter { $0.name == "port" }.map(\.value))
        #expect(ports.count == 230)
    }

    /// Each would be waited for, one after the other, until the time of the call is over and nobody is seen.
    @Test func processesThatHangDoNotHideTheOthers() async throws {
        let bench = try DriverBench(realTime: true)
        let silent =
            "python3 -c 'import socket,sys,time; s=socket.socket(); s.bind((\"127.0.0.1\", int(sys.argv[1]))); s.listen(); time.sleep(600)' {port}"
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: ["command": silent, "ports": Ports.range(5, of: 30), "ready": "/healthz"]
        )
        let started = try await driver.provision(ProvisionRequest(count: 24, persona: .small, files: [], key: "k1"))
        #expect(started.ids.count == 24)
        let seen = try await driver.describe()
        #expect(seen.count == 24 && seen.allSatisfy { $0.resource.state == .starting })
    }

    @Test func aLogThatIsLargeAndNoTextIsNoReasonNotToSeeTheFleet() async throws {
        let bench = try DriverBench(realTime: true)
        let driver = bench.driver(
            try await bench.shipped("process"),
            target: [
                "command":
                    "sh -c 'head -c 6000000 /dev/zero | tr \"\\\\0\" \"\\\\377\"; echo so long; exit 1' sh {port}",
                "ports": Ports.range(6),
            ]
        )
        _ = try await driver.provision(ProvisionRequest(count: 1, persona: .small, files: [], key: "k1"))
        let isGone = try await eventually { try await driver.describe().isEmpty && !bench.lines.texts.isEmpty }
        #expect(isGone)
        #expect(
            bench.lines.texts.contains { $0.contains("has ended") && $0.contains("so long") },
            "\(bench.lines.texts)"
        )
    }
}

/// Ports that another run of these tests at the same time does not use.
enum Ports {
    static func range(_ number: Int, of count: Int = 8) -> String {
        let low = 21_000 + Int(getpid() % 200) * 40 + number * 8
        return "\(low)-\(low + count - 1)"
    }
}
