import ArgumentParser
import Control
import Domain
import Foundation
import KPIStore
import StateStore
import Workers

struct PassCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pass",
        abstract: "Decides for many simulated fleets in one pass, durably.",
        discussion: """
            Each fleet has a model of its own, trained on --history of demand, two policies in Lua, and one new sample. The pass that
            is measured takes the sample into the rollups, updates every forecast (fits none anew), runs every policy, decides,
            records every decision durably and acts on the simulated fleet. Files are real, and so are the worker processes.
            """
    )

    @Option(help: "Fleets.")
    var fleets = 10_000
    @Option(help: "Hours of history that each model is trained on.")
    var history = 48
    @Option(help: "Passes that are measured, one grid step apart.")
    var passes = 5
    @Option(help: "Folder for the databases, by default a temporary one that is removed again.")
    var folder: String?

    private var grid: TimeSpan { .minutes(5) }

    func validate() throws {
        guard (1...100_000).contains(fleets), (1...1000).contains(history), (1...100).contains(passes) else {
            throw ValidationError("fleets 1 to 100,000, history 1 to 1000 hours, passes 1 to 100")
        }
    }

    func run() async throws {
        let scratch = try ScratchFolder(folder)
        let start = Timestamp(milliseconds: 1_772_409_600_000)
        let clock = BenchClock(start)
        let world = try await LoopWorld(fleets: fleets, grid: grid, folder: scratch, clock: clock)
        defer { world.workers.shutdown() }
        let steps = history * 12
        let (_, filling) = try Figure.timed {
            for step in 0..<steps {
                clock.advance(to: start + TimeSpan(milliseconds: grid.milliseconds * Int64(step)))
                try world.report { world.demand(of: $0, at: clock.now) }
                if step % 12 == 11 { try world.rollups.maintain(at: clock.now) }
            }
        }
        print("filled      \(fleets * steps) samples in \(Figure.seconds(filling))")
        let end = start + TimeSpan(milliseconds: grid.milliseconds * Int64(steps))

        var began = ContinuousClock.now
        clock.advance(to: end)
        await world.control.step()
        print("trained     \(world.trained) models (and decided once) in \(Figure.seconds(since: began))")
        fflush(nil)
        // Twice more: what was learned is taken up, resources start and are configured.
        for _ in 0..<2 {
            clock.advance(to: clock.now + .seconds(15))
            await world.control.step(trains: false)
        }
        try world.rollups.maintain(at: clock.now)

        var times: [(wall: Double, processor: Double)] = []
        for pass in 1...passes {
            clock.advance(to: end + TimeSpan(milliseconds: grid.milliseconds * Int64(pass)) + .seconds(6))
            let before = world.decided
            let processor = ProcessTime.withChildren
            began = ContinuousClock.now
            try world.report { world.demand(of: $0, at: clock.now) }
            let stored = Figure.seconds(since: began)
            let due = await world.control.step(trains: false)
            let seconds = Figure.value(since: began)
            let cpu = ProcessTime.withChildren - processor
            times.append((seconds, cpu))
            print(
                "pass \(pass)      \(due) fleets, \(world.decided - before) decisions durable in \(Figure.decimals(seconds, 2)) s",
                "(samples stored in \(stored); processor time with workers \(Figure.decimals(cpu, 2)) s; load \(ProcessTime.load))"
            )
            // Resources that start are followed a moment later, outside of what is measured.
            clock.advance(to: clock.now + .seconds(1))
            await world.control.step(trains: false)
        }
        func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
        let (wall, cpu) = (median(times.map(\.wall)), median(times.map(\.processor)))
        print(
            "median      \(Figure.decimals(wall, 2)) s for \(fleets) fleets, \(Figure.seconds(wall / Double(fleets))) each"
        )
        print("processor   \(Figure.decimals(cpu, 2)) s, which is \(Figure.decimals(cpu / 2, 2)) s of two processors")
        try await plans(of: world)
        for trouble in world.troubles { print("trouble     \(trouble)") }
    }
}

extension PassCommand {
    /// What agents cost that ask for their plan each half second: one of each fleet here.
    private func plans(of world: LoopWorld) async throws {
        let ids = try await world.control.resources(fleet: nil, labels: []).map(\.resource.id)
        let processor = ProcessTime.now
        var found = 0
        for id in ids where await world.control.collectionPlan(for: id) != nil { found += 1 }
        let each = (ProcessTime.now - processor) / Double(max(ids.count, 1))
        print("plans       \(found) of \(ids.count) resources, \(Figure.seconds(each)) each")
    }
}

extension Figure {
    static func value(since start: ContinuousClock.Instant) -> Double {
        let components = (ContinuousClock.now - start).components
        return Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }

    static func seconds(since start: ContinuousClock.Instant) -> String {
        seconds(value(since: start))
    }
}
