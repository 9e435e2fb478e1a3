import Domain
import KPIStore
import TestSupport

/// The ways in which a store must behave the same.
enum StoreSetup: CaseIterable {
    case inMemory
    case file
    /// Compacted after every append: reads come from chunks.
    case compacting
    /// Compacted up to half of what is there: reads come from both.
    case halfCompacting
    /// Closed and opened after every append: reads come from what a new process finds.
    case reopening

    func make() throws -> TestedStore { try TestedStore(self) }
}

/// A store with what its setup asks for done after each append.
final class TestedStore: KPIReading, KPIWriting, @unchecked Sendable {
    private let setup: StoreSetup
    private let folder: TemporaryFolder
    // Replaced by the one thread of the test that uses it.
    private(set) var store: KPIStore?
    private var largest = Int64.min
    private var smallest = Int64.max

    init(_ setup: StoreSetup) throws {
        self.setup = setup
        folder = try TemporaryFolder()
        store = try setup == .inMemory ? .inMemory() : KPIStore(path: folder.file("kpi.db"))
    }

    var path: String { folder.file("kpi.db") }

    func reopen() throws(KPIStoreError) {
        guard setup != .inMemory else { return }
        store = nil
        store = try KPIStore(path: path)
    }

    private func open() throws(KPIStoreError) -> KPIStore {
        guard let store else {
            throw KPIStoreError(.cannotOpen, "no store", at: "test", advice: "See the failure before.")
        }
        return store
    }

    func series(matching selector: SeriesSelector) throws(KPIStoreError) -> [SeriesKey] {
        try open().series(matching: selector)
    }

    func samples(of key: SeriesKey, from: Timestamp, to: Timestamp) throws(KPIStoreError) -> Samples {
        try open().samples(of: key, from: from, to: to)
    }

    func window(of key: SeriesKey, on grid: WindowGrid, _ aggregation: Aggregation) throws(KPIStoreError) -> [Double] {
        try open().window(of: key, on: grid, aggregation)
    }

    func latest(of key: SeriesKey, atOrBefore limit: Timestamp) throws(KPIStoreError) -> Sample? {
        try open().latest(of: key, atOrBefore: limit)
    }

    func intern(_ keys: [SeriesKey]) throws(KPIStoreError) -> [SeriesID] { try open().intern(keys) }

    func append(_ batch: SampleBatch) throws(KPIStoreError) {
        try open().append(batch)
        switch setup {
        case .inMemory, .file: break
        case .compacting: try compact(upTo: Timestamp(milliseconds: .max))
        case .halfCompacting: try compact(upTo: Timestamp(milliseconds: 30_000))
        case .reopening: try reopen()
        }
    }

    @discardableResult
    func compact(upTo limit: Timestamp) throws(KPIStoreError) -> CompactionReport { try open().compact(upTo: limit) }

    @discardableResult
    func prune(before horizon: Timestamp) throws(KPIStoreError) -> PruneReport { try open().prune(before: horizon) }
}
