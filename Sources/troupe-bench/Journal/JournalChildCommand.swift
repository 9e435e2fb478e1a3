import ArgumentParser
import Control
import Domain
import Foundation
import KPIStore
import StateStore
import Workers

/// Runs a loop whose fleet never rests, to be killed at any instant; or, with `--final`, until its journal is finished.
struct JournalChildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal-child",
        abstract: "Scales a fleet up and down until it is killed.",
        shouldDisplay: false
    )

    @Argument(help: "The folder.")
    var path: String
    @Option(help: "Of the driver's pauses.")
    var seed: UInt64 = 1
    @Flag(help: "The fleet comes to rest, and the command ends once every action is over.")
    var final = false

    func run() async throws {
        let clock = WallClock()
        let store = try StateStore(path: path + "/state.db")
        let kpis = try KPIStore(path: path + "/kpi.db")
        let directory = PersonaDirectory()
        let driver = try FileDriver(path: path + "/fleet.json", clock: clock, seed: seed)
        let workers = try WorkerPool(configuration: WorkerPoolConfiguration(size: 1))
        defer { workers.shutdown() }
        let workspace = URL(filePath: path + (final ? "/resting" : "/restless"))
        var settings = ControlSettings()
        settings.watch = nil
        let control = LiveControl(
            ControlParts(
                store: store,
                readings: RollupEngine(kpis, personaOf: directory.source),
                directory: directory,
                workers: workers,
                drivers: driver,
                clock: clock,
                folder: workspace,
                settings: settings
            )
        )
        try await control.start()
        // One call: the line is there whole or not at all.
        _ = Array("ready\n".utf8).withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
        let running = Task { await control.run() }
        guard final else { return await running.value }
        let end = clock.now + .seconds(60)
        var isDone = false
        while !isDone, clock.now < end {
            try await Task.sleep(nanoseconds: 50_000_000)
            let world = try FileDriver.read(path + "/fleet.json")
            isDone = try store.openActions().isEmpty && world.members.count == JournalCommand.rest
        }
        running.cancel()
        await running.value
        guard isDone else {
            throw BenchFailure("the journal is not finished after a minute: \(try store.openActions())")
        }
    }
}
