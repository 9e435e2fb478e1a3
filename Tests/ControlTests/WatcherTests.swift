import Domain
import Foundation
import StateStore
import TestSupport
import Testing

@testable import Control

/// Edits of the workspace's folder, followed whole or not at all.
@Suite(.inTurn)
struct WatcherTests {
    private func watching() async throws -> (Bench, WorkspaceWatcher) {
        let bench = try Bench()
        try await bench.control.start()
        return (bench, WorkspaceWatcher(bench.control, folder: URL(filePath: bench.workspace.path)))
    }

    private func edit(_ bench: Bench, _ text: String, _ path: String = "policies/fleets/shop.lua") throws {
        try Bench.write(path, text, in: bench.workspace)
    }

    private func version(_ bench: Bench) async -> Int64 { await bench.control.workspaceVersion().version }

    private func refusals(_ bench: Bench) -> Int {
        bench.events.all.count { if case .workspaceRefused = $0 { true } else { false } }
    }

    @Test func anEditIsLoadedOnceItIsQuiet() async throws {
        var (bench, watcher) = try await watching()
        for _ in 0..<3 { await watcher.look() }
        #expect(await version(bench) == 1)
        try edit(bench, Bench.fleet("shop", mode: "advise"))
        await watcher.look()
        #expect(await version(bench) == 1)
        await watcher.look()
        #expect(await version(bench) == 2)
        #expect(await bench.control.workspaceVersion().by == "folder")
        #expect(
            try await bench.control.fleet(named: "shop").mode == .advise
                || bench.control.lane("shop").assembly.fleet.mode == .advise
        )
        for _ in 0..<3 { await watcher.look() }
        #expect(await version(bench) == 2)
    }

    @Test func whatDoesNotLoadIsReportedOnceAndChangesNothing() async throws {
        var (bench, watcher) = try await watching()
        try edit(bench, "return fleet {")
        for _ in 0..<5 { await watcher.look() }
        #expect(await version(bench) == 1)
        #expect(refusals(bench) == 1)
        // Saved again as it is: no news. Broken in another way: news. Mended: in force.
        try edit(bench, "return fleet {")
        for _ in 0..<3 { await watcher.look() }
        #expect(refusals(bench) == 1)
        try edit(bench, "return 7")
        for _ in 0..<3 { await watcher.look() }
        #expect(refusals(bench) == 2)
        try edit(bench, Bench.fleet("shop", mode: "advise"))
        for _ in 0..<3 { await watcher.look() }
        #expect(await version(bench) == 2)
        #expect(refusals(bench) == 2)
    }

    @Test func aBrokenFolderAtTheStartIsNotReportedAgain() async throws {
        var bench = try Bench()
        try await bench.control.start()
        bench = try bench.killed(["policies/fleets/shop.lua": "return fleet {"])
        try await bench.control.start()
        #expect(refusals(bench) == 1)
        var watcher = WorkspaceWatcher(bench.control, folder: URL(filePath: bench.workspace.path))
        for _ in 0..<3 { await watcher.look() }
        #expect(refusals(bench) == 1)
    }

    @Test func whatWasPutInForceStaysUntilTheFolderChanges() async throws {
        var (bench, watcher) = try await watching()
        try edit(bench, Bench.fleet("shop", mode: "advise"))
        for _ in 0..<2 { await watcher.look() }
        _ = try await bench.control.rollback(to: 1, by: "ada", reason: "back")
        for _ in 0..<3 { await watcher.look() }
        #expect(await version(bench) == 1)
        let files = bench.uploaded + [WorkspaceFile(path: "policies/fleets/depot.lua", text: Bench.fleet("depot"))]
        _ = try await bench.control.load(files: files, by: "ada", reason: "another")
        for _ in 0..<3 { await watcher.look() }
        #expect(await version(bench) == 3)
        try edit(bench, Bench.fleet("shop", mode: "observe"))
        for _ in 0..<2 { await watcher.look() }
        #expect(await version(bench) == 4)
    }

    @Test func aFolderThatIsGoneLetsNoFleetGo() async throws {
        var (bench, watcher) = try await watching()
        try FileManager.default.removeItem(atPath: bench.workspace.file("policies"))
        for _ in 0..<4 { await watcher.look() }
        #expect(await version(bench) == 1)
        #expect(refusals(bench) == 1)
        #expect(await bench.control.fleets().map(\.name) == ["shop"])
    }

    @Test func aRunningLoopFollowsItsFolder() async throws {
        let bench = try Bench()
        let (control, clock) = (bench.control, bench.clock)
        try await control.start()
        let running = Task { await control.run() }
        try edit(bench, Bench.fleet("shop", mode: "advise"))
        // Each look is at a second of the loop's time, which this test moves on until it has happened.
        let moving = Task {
            while !Task.isCancelled {
                clock.advance(.seconds(1))
                await Task.yield()
            }
        }
        await bench.events.wait { if case .workspaceInForce(2, "folder", _) = $0 { true } else { false } }
        moving.cancel()
        running.cancel()
        await running.value
        #expect(await version(bench) == 2)
    }
}
