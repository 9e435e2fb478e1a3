import Foundation
import Synchronization

/// Finds a series by the bytes that name it in a request, without making strings of them.
///
/// The bytes are whatever a sender repeats from request to request: the label block of a remote-write series. The same series may be
/// known by several blocks (labels in another order). A block is found by its hash and then compared in full.
///
/// Use it so, for each request:
///
///     let stamp = cache.stamp                             // before anything is looked up
///     for each series of the request:
///         if let id = cache.find(block) { … }             // one hash, one comparison, no allocation
///         else { keep the block and its decoded key }
///     let ids = try store.intern(the keys that were kept) // one transaction
///     for each: cache.insert(block, id, asOf: stamp)
///
/// When a pruning has forgotten series, everything in the cache is forgotten with it, and what was looked up before is not taken
/// any more (`stamp`). An `append` that a pruning overtook says `unknownSeries`: do the request again from the top.
///
/// Bounded: where a sixteenth of the room is full, that sixteenth is emptied. From any thread.
package final class SeriesCache: Sendable {
    /// Senders work in parallel: sixteen locks hardly ever meet.
    private let shards: [Shard]
    private let maximumBytesPerShard: Int
    private let store: KPIStore
    private let seed: UInt64

    private final class Shard: Sendable {
        let table = Mutex(SeriesCacheTable())
    }

    private static let shardCount = 16

    /// The prunings that the store has seen; what was found before a later one may mean nothing any more.
    package struct Stamp: Sendable {
        fileprivate let prunings: Int
    }

    /// - Parameter maximumBytes: for blocks and the index over them, about.
    package convenience init(of store: KPIStore, maximumBytes: Int = 64 << 20) {
        // Seeded by chance, so that nobody can send blocks that are known to collide.
        self.init(of: store, maximumBytes: maximumBytes, seed: UInt64.random(in: .min ... .max))
    }

    init(of store: KPIStore, maximumBytes: Int, seed: UInt64) {
        self.store = store
        self.seed = seed
        maximumBytesPerShard = maximumBytes / Self.shardCount
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    package var stamp: Stamp { Stamp(prunings: store.prunings.load(ordering: .acquiring)) }

    /// Blocks that it knows.
    package var count: Int { shards.reduce(0) { $0 + $1.table.withLock { $0.count } } }

    package func find(_ block: UnsafeRawBufferPointer) -> SeriesID? {
        let hash = blockHash(block, seed: seed)
        let prunings = store.prunings.load(ordering: .acquiring)
        return shards[Int(hash >> 60)].table
            .withLock { table in
                table.keepIfAsOf(prunings)
                return table.find(block, hash: hash)
            }
    }

    package func insert(_ block: UnsafeRawBufferPointer, _ series: SeriesID, asOf stamp: Stamp) {
        let hash = blockHash(block, seed: seed)
        shards[Int(hash >> 60)].table
            .withLock { table in
                table.keepIfAsOf(store.prunings.load(ordering: .acquiring))
                guard table.prunings == stamp.prunings, table.find(block, hash: hash) == nil else { return }
                if table.bytes + block.count > maximumBytesPerShard { table.removeAll() }
                table.insert(block, hash: hash, series: series)
            }
    }
}

/// One part of a `SeriesCache`: open addressing with linear probing, at most half full; all blocks in one array.
struct SeriesCacheTable {
    private struct Entry {
        var hash: UInt64
        var start: Int
        var length: Int
        var series: SeriesID
    }

    private var entries: [Entry] = []
    private var blocks: [UInt8] = []
    /// Positions in `entries` plus one; 0: free. A power of two.
    private var places: [UInt32] = []
    private(set) var prunings = 0

    var count: Int { entries.count }
    var bytes: Int { blocks.count + entries.count * MemoryLayout<Entry>.stride + places.count * 4 }

    mutating func keepIfAsOf(_ current: Int) {
        guard prunings != current else { return }
        removeAll()
        prunings = current
    }

    mutating func removeAll() {
        entries.removeAll()
        blocks.removeAll()
        places.removeAll()
    }

    func find(_ block: UnsafeRawBufferPointer, hash: UInt64) -> SeriesID? {
        guard !places.isEmpty else { return nil }
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: hash) & mask
        while places[place] != 0 {
            let entry = entries[Int(places[place]) - 1]
            if entry.hash == hash, entry.length == block.count, holds(block, at: entry.start) { return entry.series }
            place = (place + 1) & mask
        }
        return nil
    }

    private func holds(_ block: UnsafeRawBufferPointer, at start: Int) -> Bool {
        blocks.withUnsafeBytes { stored in
            guard block.count > 0, let mine = stored.baseAddress, let theirs = block.baseAddress else { return true }
            return memcmp(mine + start, theirs, block.count) == 0
        }
    }

    mutating func insert(_ block: UnsafeRawBufferPointer, hash: UInt64, series: SeriesID) {
        entries.append(Entry(hash: hash, start: blocks.count, length: block.count, series: series))
        blocks.append(contentsOf: block)
        if entries.count * 2 > places.count {
            places = [UInt32](repeating: 0, count: max(16, places.count * 2))
            for index in entries.indices { occupy(index) }
        } else {
            occupy(entries.count - 1)
        }
    }

    private mutating func occupy(_ index: Int) {
        let mask = places.count - 1
        var place = Int(truncatingIfNeeded: entries[index].hash) & mask
        while places[place] != 0 { place = (place + 1) & mask }
        places[place] = UInt32(index + 1)
    }
}

/// Eight bytes at a time by full multiplication, its halves folded together.
///
/// Source: the construction of Wang Yi's wyhash. Each word meets a number made of the seed before it is multiplied: with a constant
/// there, a word equal to it would make the product zero and collisions to order.
func blockHash(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
    @inline(__always)
    func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
    let secret = seed &* 0xe703_7ed1_a0b4_28db ^ 0x5899_65cc_7537_4cc3
    var hash = seed ^ 0xa076_1d64_78bd_642f
    var position = 0
    while position + 8 <= bytes.count {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        hash = fold(word ^ secret, hash ^ 0x8ebc_6af0_9c88_c6e3)
        position += 8
    }
    var last: UInt64 = 0
    while position < bytes.count {
        last = last &<< 8 | UInt64(bytes[position])
        position += 1
    }
    hash = fold(last ^ secret, hash ^ 0x1d8e_4e27_c47d_124f)
    return fold(hash ^ UInt64(bytes.count), 0xa076_1d64_78bd_642f)
}
