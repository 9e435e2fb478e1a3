import Domain
import Drivers
import Foundation
import Testing

/// The process driver with real processes.
@Suite(.serialized) struct ProcessDriverTests {
    static let target = [
        "command": "python3 -m http.server {port} --bind 127.0.0.1 --directory {folder}", "ports": "28100-28199",
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
