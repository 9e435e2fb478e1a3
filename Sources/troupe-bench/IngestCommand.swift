import ArgumentParser
import Domain
import Foundation
import KPIStore
import Synchronization

struct IngestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest",
        abstract: "Appends the load of agents to a KPI store on disk, durably, from several threads.",
        discussion: """
            Prints samples/s acknowledged, the time to open the store again with all samples in the log, and bytes a sample after
            compaction and checkpoint, indexes included. The batches are those of bench/remote_write_load.py.
            """
    )

    @Option(help: "Time series.")
    var series = 4000
    @Option(help: "Samples of each series.")
    var points = 500
    @Option(help: "Samples of one batch.")
    var batch = 2000
    @Option(help: "Threads that append at once.")
    var threads = 2
    @Option(help: "Folder for the database, by default a temporary one that is removed again.")
    var folder: String?
    @Flag(help: "Compact again and again while samples come in.")
    var compacting = false

    func validate() throws {
        guard series > 0, points > 0, batch > 0, threads > 0 else {
            throw ValidationError("series, points, batch and threads are at least 1")
        }
    }

    func run() throws {
        let scratch = try ScratchFolder(folder)
        let path = scratch.file("kpi.db")
        let load = AgentLoad(series: series, points: points)
        let total = series * points
        do {
            let store = try KPIStore(path: path)
            let ids = try store.intern(load.keys)
            let batches = try IngestBatches(load, ids: ids, size: batch)
            let before = ProcessTime.now
            let holder = StoreHolder(store)
            let seconds = try append(batches, to: holder)
            holder.release()
            let cpu = ProcessTime.now - before
            print(
                "appended    \(total) samples in \(batches.count) batches, \(threads) threads: \(Figure.seconds(seconds)),",
                "\(Int(Double(total) / seconds)) samples/s, cpu \(Figure.seconds(cpu * 1e6 / Double(total))) per million"
            )
            let statistics = try store.statistics()
            print("log         \(Figure.decimals(Double(statistics.logBytes) / Double(total), 2)) bytes/sample")
        }
        let (store, opening) = try Figure.timed { try KPIStore(path: path) }
        print("opened      \(Figure.seconds(opening)), \(try store.statistics().logSamples) samples in the log")
        let (report, compacting) = try Figure.timed {
            let report = try store.compact(upTo: Timestamp(milliseconds: .max))
            try store.checkpoint()
            return report
        }
        print(
            "compacted   \(Figure.seconds(compacting)), \(report.samples) samples into \(report.chunksWritten) chunks"
        )
        let statistics = try store.statistics()
        print(
            "stored      \(statistics.fileBytes) bytes, \(Figure.decimals(statistics.bytesPerSample, 3)) bytes/sample",
            "(chunks alone \(Figure.decimals(Double(statistics.chunkBytes) / Double(statistics.chunkSamples), 3)))"
        )
        try checkReads(store, load)
    }

    /// Seconds until the last batch is acknowledged.
    private func append(_ batches: IngestBatches, to holder: StoreHolder) throws -> Double {
        let next = Atomic(0)
        let failure = Mutex<(any Error)?>(nil)
        let isDone = Atomic(false)
        let background = WorkerThreads(compacting ? 1 : 0) {
            do {
                while !isDone.load(ordering: .relaxed) {
                    try holder.store().compact(upTo: Timestamp(milliseconds: .max))
                    usleep(100_000)
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        let (_, seconds) = Figure.timed {
            WorkerThreads(threads) {
                do {
                    while true {
                        let index = next.add(1, ordering: .relaxed).oldValue
                        guard index < batches.count else { return }
                        try holder.store().append(batches[index])
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
            .wait()
        }
        isDone.store(true, ordering: .relaxed)
        background.wait()
        if let error = failure.withLock({ $0 }) { throw error }
        return seconds
    }

    /// Every value of some series, to the bit, and what reading them costs.
    private func checkReads(_ store: KPIStore, _ load: AgentLoad) throws {
        let some = Array(stride(from: 0, to: series, by: max(1, series / 200)))
        let (found, seconds) = try Figure.timed {
            try some.map { index in
                try store.samples(
                    of: load.key(index),
                    from: Timestamp(milliseconds: 0),
                    to: Timestamp(milliseconds: .max)
                )
            }
        }
        for (index, samples) in zip(some, found) {
            let isRight =
                samples.count == points
                && samples.values.indices.allSatisfy {
                    samples.values[$0].bitPattern == load.value(index, $0).bitPattern
                        && samples.times[$0] == load.time($0)
                }
            guard isRight else { throw ValidationError("series \(index) reads otherwise than it was written") }
        }
        print("read        \(Figure.seconds(seconds / Double(some.count))) per series of \(points) samples, all right")
    }
}

/// What threads have of a store: their closures may outlive the last wait for them, and the file must be free by then.
final class StoreHolder: Sendable {
    private let held: Mutex<KPIStore?>

    init(_ store: KPIStore) {
        held = Mutex(store)
    }

    func store() throws -> KPIStore {
        guard let store = held.withLock({ $0 }) else { throw ValidationError("the store is closed") }
        return store
    }

    func release() { held.withLock { $0 = nil } }
}

/// The batches of one run, made ahead of time: round by round, each of `size` samples of as many series.
struct IngestBatches {
    private let batches: [SampleBatch]

    init(_ load: AgentLoad, ids: [SeriesID], size: Int) throws {
        var batches: [SampleBatch] = []
        var batch = SampleBatch()
        for point in 0..<load.points {
            for (index, id) in ids.enumerated() {
                batch.append(id, at: load.time(point), value: load.value(index, point))
                guard batch.count == size else { continue }
                batches.append(batch)
                batch = SampleBatch()
                batch.reserveCapacity(size)
            }
        }
        if !batch.isEmpty { batches.append(batch) }
        self.batches = batches
    }

    var count: Int { batches.count }
    subscript(index: Int) -> SampleBatch { batches[index] }
}
