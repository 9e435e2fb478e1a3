import ArgumentParser
import Domain
import Foundation
import KPIStore
import Synchronization

/// Appends without end and says what was acknowledged, to be killed at any instant.
///
/// Each line of output is the number of a batch whose `append` has returned. Meanwhile the log is compacted, retention runs, and the
/// write-ahead log is emptied. Batch b of a run that begins at `--first f` holds, of each series s, one reading: at time b, value
/// b + s ÷ 1000. So whoever reads afterwards knows what must be there.
struct IngestChildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ingest-child",
        abstract: "Appends until it is killed, and prints the numbers of batches that were acknowledged.",
        shouldDisplay: false
    )

    @Argument(help: "The database.")
    var path: String
    @Option(help: "Number of the first batch.")
    var first = 0
    @Option(help: "Time series.")
    var series = 40
    @Option(help: "Threads that append at once.")
    var threads = 3

    func run() throws {
        let store = try KPIStore(path: path)
        let ids = try store.intern((0..<series).map(Self.key))
        let next = Atomic(first + 1)
        // Before retention runs: it forgets series that were never written to.
        Self.append(first, ids, to: store)
        let upkeep = WorkerThreads(1) {
            for round in 0... {
                Self.stopping {
                    try store.compact(upTo: Timestamp(milliseconds: Int64(next.load(ordering: .relaxed)) - 20))
                    // Nothing is old enough: only that it runs.
                    try store.prune(before: Timestamp(milliseconds: -1))
                    if round % 3 == 0 { try store.checkpoint() }
                }
                usleep(3000)
            }
        }
        WorkerThreads(threads) {
            while true { Self.append(next.add(1, ordering: .relaxed).oldValue, ids, to: store) }
        }
        .wait()
        upkeep.wait()
    }

    private static func append(_ number: Int, _ ids: [SeriesID], to store: KPIStore) {
        var batch = SampleBatch()
        for (index, id) in ids.enumerated() { batch.append(id, at: Int64(number), value: value(number, index)) }
        stopping { try store.append(batch) }
        // One call: a line is there whole or not at all.
        let line = Array("\(number)\n".utf8)
        _ = line.withUnsafeBytes { write(1, $0.baseAddress, $0.count) }
    }

    /// A failure ends the process, so that it is not taken for the kill.
    private static func stopping(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            Foundation.exit(2)
        }
    }

    static func key(_ index: Int) -> SeriesKey {
        SeriesKey("kpi", labels: [Setting(name: "instance", value: "\(index)")])
    }

    static func value(_ batch: Int, _ series: Int) -> Double { Double(batch) + Double(series) / 1000 }
}
