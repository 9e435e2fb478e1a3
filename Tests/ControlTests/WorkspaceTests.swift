import Control
import Domain
import Foundation
import StateStore
import TestSupport
import Testing

/// Versions of the workspace: whole or not at all, back and forth, and across restarts.
@Suite(.inTurn)
struct WorkspaceTests {
    private func files(_ bench: Bench, _ changes: [String: String]) -> [WorkspaceFile] {
        var files = bench.uploaded.filter { changes[$0.path] == nil }
        files += changes.map { WorkspaceFile(path: $0.key, text: $0.value) }
        return files
    }

    @Test func aBadOneChangesNothing() async throws {
        let bench = try Bench()
        try await bench.control.start()
        let before = await bench.control.workspaceVersion()
        let broken = files(bench, ["policies/scaling/quiet.lua": "return {", "policies/fleets/x.lua": "return 7"])
        do {
            _ = try await bench.control.load(files: broken, by: "ada", reason: "oops")
            Issue.record("a broken workspace was loaded")
        } catch {
            #expect(error.kind == .invalidWorkspace)
            #expect(
                Set(error.diagnostics.map(\.location.file)) == ["policies/scaling/quiet.lua", "policies/fleets/x.lua"]
            )
        }
        #expect(await bench.control.workspaceVersion() == before)
        #expect(try await bench.control.workspaceHistory(limit: 10).count == 1)
    }

    @Test func pathsLeadNowhereElse() async throws {
        let bench = try Bench()
        try await bench.control.start()
        for path in [
            "../x.lua", "/etc/passwd", "policies/../../x.lua", "policies//a.lua", "policies/.hidden.lua", "x.lua", "",
        ] {
            let files = bench.uploaded + [WorkspaceFile(path: path, text: "return 1")]
            await #expect(throws: ControlError.self) {
                _ = try await bench.control.load(files: files, by: "eve", reason: "")
            }
        }
    }

    @Test func aLoadKeepsWhatWasLearned() async throws {
        let bench = try Bench()
        try await bench.control.start()
        try await bench.run(.minutes(20), demand: 800)
        let before = try #require(try await bench.control.fleet(named: "shop").forecast)
        let wider = Bench.fleet("shop").replacing("max = 50", with: "max = 9")
        let version = try await bench.control.load(
            files: files(bench, ["policies/fleets/shop.lua": wider]),
            by: "ada",
            reason: "smaller"
        )
        #expect(version.version == 2)
        #expect(version.isInForce)
        bench.clock.advance(TimeSpan(milliseconds: 300))
        await bench.control.step()
        let status = try await bench.control.fleet(named: "shop")
        #expect(status.forecast?.median == before.median)
        #expect(status.forecast?.model == before.model)
        #expect(try #require(status.target) <= 9)
    }

    @Test func fleetsComeAndGo() async throws {
        let bench = try Bench()
        try await bench.control.start()
        let more = files(bench, ["policies/fleets/depot.lua": Bench.fleet("depot")])
        _ = try await bench.control.load(files: more, by: "ada", reason: "another")
        await bench.control.step()
        #expect(await bench.control.fleets().map(\.name) == ["depot", "shop"])
        #expect(await bench.control.kpiSources().fleets.map(\.fleet) == ["depot", "shop"])
        let back = try await bench.control.rollback(to: nil, by: "bob", reason: "too many")
        #expect(back.version == 1)
        #expect(back.by == "bob")
        bench.clock.advance(.seconds(15))
        await bench.control.step()
        #expect(await bench.control.fleets().map(\.name) == ["shop"])
        let history = try await bench.control.workspaceHistory(limit: 10)
        #expect(history.map(\.version) == [2, 1])
        #expect(history.map(\.isInForce) == [false, true])
        await #expect(throws: ControlError.self) {
            _ = try await bench.control.rollback(to: nil, by: "bob", reason: "")
        }
        await #expect(throws: ControlError.self) { _ = try await bench.control.rollback(to: 99, by: "bob", reason: "") }
        #expect(try await bench.control.rollback(to: 2, by: "bob", reason: "after all").version == 2)
    }

    @Test func theVersionInForceOutlivesAKill() async throws {
        var bench = try Bench()
        try await bench.control.start()
        let more = files(bench, ["policies/fleets/depot.lua": Bench.fleet("depot")])
        _ = try await bench.control.load(files: more, by: "ada", reason: "another")
        bench = try bench.killed()
        try await bench.control.start()
        // The folder is as it was: what was loaded since stays.
        #expect(await bench.control.workspaceVersion().version == 2)
        _ = try await bench.control.rollback(to: 1, by: "bob", reason: "back")
        bench = try bench.killed()
        try await bench.control.start()
        #expect(await bench.control.workspaceVersion().version == 1)
        #expect(await bench.control.workspaceVersion().reason == "back")
        // The folder has changed: it is loaded.
        bench = try bench.killed(["policies/fleets/shop.lua": Bench.fleet("shop", mode: "advise")])
        try await bench.control.start()
        #expect(await bench.control.workspaceVersion().version == 3)
        // It has changed to something that does not load: what is in force stays, and someone is told.
        bench = try bench.killed(["policies/fleets/shop.lua": "return fleet {"])
        try await bench.control.start()
        #expect(await bench.control.workspaceVersion().version == 3)
        #expect(bench.events.all.contains { if case .workspaceRefused = $0 { true } else { false } })
    }

    @Test func withoutAnyWorkspaceThereIsNoStart() async throws {
        let bench = try Bench(["policies/fleets/shop.lua": "return fleet {"])
        await #expect(throws: ControlError.self) { try await bench.control.start() }
        #expect(await bench.control.readiness() != nil)
    }
}
