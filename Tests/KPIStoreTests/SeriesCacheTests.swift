import Domain
import TestSupport
import Testing

@testable import KPIStore

struct SeriesCacheTests {
    @Test func whatIsInsertedIsFound() throws {
        let store = try KPIStore.inMemory()
        let cache = SeriesCache(of: store)
        let blocks =
            (0..<5000).map { Array("\u{a}block \($0) of a request".utf8) } + [
                [], [0], [0, 0], Array(repeating: 0, count: 8),
            ]
        let ids = try store.intern(blocks.indices.map { SeriesKey("kpi-\($0)") })
        let stamp = cache.stamp
        for (block, id) in zip(blocks, ids) {
            #expect(block.withUnsafeBytes(cache.find) == nil)
            block.withUnsafeBytes { cache.insert($0, id, asOf: stamp) }
        }
        for (block, id) in zip(blocks, ids) { #expect(block.withUnsafeBytes(cache.find) == id) }
        #expect(cache.count == blocks.count)
        // Twice is once.
        blocks[7].withUnsafeBytes { cache.insert($0, ids[7], asOf: stamp) }
        #expect(cache.count == blocks.count)
    }

    @Test func aPruningForgetsAll() throws {
        let store = try KPIStore.inMemory()
        let cache = SeriesCache(of: store)
        let id = try store.intern([SeriesKey("never written to")])[0]
        let block: [UInt8] = [1, 2, 3]
        let stamp = cache.stamp
        block.withUnsafeBytes { cache.insert($0, id, asOf: stamp) }
        try store.prune(before: Timestamp(milliseconds: 0))
        #expect(block.withUnsafeBytes(cache.find) == nil)
        // What was interned before the pruning must not come back.
        block.withUnsafeBytes { cache.insert($0, id, asOf: stamp) }
        #expect(block.withUnsafeBytes(cache.find) == nil)
        let again = try store.intern([SeriesKey("never written to")])[0]
        let fresh = cache.stamp
        block.withUnsafeBytes { cache.insert($0, again, asOf: fresh) }
        #expect(block.withUnsafeBytes(cache.find) == again)
    }

    @Test func itStaysBounded() throws {
        let store = try KPIStore.inMemory()
        let cache = SeriesCache(of: store, maximumBytes: 1 << 20, seed: 5)
        let id = try store.intern([SeriesKey("kpi")])[0]
        let stamp = cache.stamp
        for number in 0..<100_000 {
            let block = Array("a block of forty bytes or so, no. \(number)".utf8)
            block.withUnsafeBytes { cache.insert($0, id, asOf: stamp) }
            #expect(block.withUnsafeBytes(cache.find) == id)
        }
        #expect(cache.count > 2000 && cache.count < 20_000)
    }

    /// A word that equals a constant of the hash must not make all hashes one.
    @Test func hashesOfChosenBlocksDiffer() {
        var random = SeededGenerator(seed: 9)
        var hashes: Set<UInt64> = []
        let words: [UInt64] = [0, .max, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3]
        for word in words {
            for _ in 0..<200 {
                var block: [UInt8] = []
                block.append(word: random.next())
                block.append(word: word)
                hashes.insert(block.withUnsafeBytes { blockHash($0, seed: 12_345) })
            }
        }
        #expect(hashes.count == words.count * 200)
    }
}
