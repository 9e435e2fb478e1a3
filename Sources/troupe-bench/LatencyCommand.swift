import ArgumentParser
import Control
import Domain
import Foundation
import KPIStore
import Synchronization
import Workers

struct LatencyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Measures the time from a reading that arrives to the decision that it leads to, recorded.",
        discussion: """
            The loop runs by the wall clock over --fleets; readings arrive at random fleets, --rate of them a second, each stored
            durably first. The time is from before it is stored to after its fleet's next decision is durable, the gap of 250 ms
            between two evaluations of a fleet included.
            """
    )

    @Option(help: "Fleets.")
    var fleets = 500
    @Option(help: "Readings a second.")
    var rate = 200
    @Option(help: "Seconds that are measured.")
    var seconds = 20
    @Option(help: "Folder for the databases, by default a temporary one that is removed again.")
    var folder: String?

    func validate() throws {
        guard (1...10_000).contains(fleets), (1...10_000).contains(rate), (1...3600).contains(seconds) else {
            throw ValidationError("fleets and rate 1 to 10,000, seconds 1 to 3600")
        }
    }

    func run() async throws {
        let scratch = try ScratchFolder(folder)
        let arrivals = Arrivals()
        let world = try await LoopWorld(
            fleets: fleets,
            grid: .minutes(1),
            folder: scratch,
            clock: WallClock(),
            tell: { arrivals.take($0) }
        )
        defer { world.workers.shutdown() }
        let control = world.control
        await withTaskGroup { group in
            group.addTask { await control.run() }
            // The first decisions, without a reading, are not what is measured.
            try? await Task.sleep(for: .seconds(3))
            var random = SplitMix(seed: 7)
            let clock = ContinuousClock()
            let begin = clock.now
            for index in 0..<(rate * seconds) {
                let fleet = Int(random.next() % UInt64(fleets))
                let came = ContinuousClock.now
                if let stored = try? world.report(100 + Double(random.next() % 400), of: fleet) {
                    arrivals.note(world.fleets[fleet].name, came: came, stored: stored)
                }
                let next = begin + .microseconds(Int64(index + 1) * 1_000_000 / Int64(rate))
                if next > clock.now { try? await Task.sleep(until: next, clock: clock) }
            }
            try? await Task.sleep(for: .seconds(2))
            group.cancelAll()
        }
        let times = arrivals.times.sorted()
        guard !times.isEmpty else { throw BenchFailure("no reading led to a decision") }
        func quantile(_ q: Double) -> String { Figure.seconds(times[Int(q * Double(times.count - 1))]) }
        print(
            "readings    \(rate * seconds) at \(fleets) fleets, \(times.count) followed to a decision, \(arrivals.waiting) not"
        )
        print("load        \(ProcessTime.load)")
        print("latency     p50 \(quantile(0.5)), p90 \(quantile(0.9)), p99 \(quantile(0.99)), max \(quantile(1))")
    }
}

/// Readings that wait for their decision.
final class Arrivals: Sendable {
    private struct Waiting {
        var came: ContinuousClock.Instant
        var stored: Timestamp
    }

    private struct State {
        var waiting: [String: [Waiting]] = [:]
        /// Decisions that were recorded before their reading's arrival was noted.
        var decided: [String: (at: Timestamp, end: ContinuousClock.Instant)] = [:]
        var times: [Double] = []
    }

    private let state = Mutex(State())

    var times: [Double] { state.withLock { $0.times } }
    var waiting: Int { state.withLock { $0.waiting.values.reduce(0) { $0 + $1.count } } }

    func note(_ fleet: String, came: ContinuousClock.Instant, stored: Timestamp) {
        state.withLock { state in
            if let decided = state.decided[fleet], decided.at >= stored {
                state.times.append(Self.seconds(decided.end - came))
            } else {
                state.waiting[fleet, default: []].append(Waiting(came: came, stored: stored))
            }
        }
    }

    /// A decision knows the readings that were stored when it began.
    func take(_ event: ControlEvent) {
        guard case .decided(let fleet, let at, _, _, _) = event else { return }
        let end = ContinuousClock.now
        state.withLock { state in
            state.decided[fleet] = (at, end)
            guard let waiting = state.waiting[fleet] else { return }
            for reading in waiting where reading.stored <= at { state.times.append(Self.seconds(end - reading.came)) }
            state.waiting[fleet] = waiting.filter { $0.stored > at }
        }
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
