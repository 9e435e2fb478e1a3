import Testing

@testable import KPIStore

struct ChunkMergeTests {
    let full = Chunk.fullCount

    @Test func theFirstReadingsFillChunks() {
        let merges = ChunkMerge.plan(times: Array(0..<3000), existing: [])
        #expect(merges == [ChunkMerge(target: nil, range: 0..<3000, isTail: true)])
        #expect(merges[0].cut(3000) == [0..<1024, 1024..<2048, 2048..<3000])
    }

    @Test func anOpenTailTakesMore() {
        let tail = StoredChunk(id: 1, first: 0, last: 9, count: 10)
        #expect(
            ChunkMerge.plan(times: [10, 11], existing: [tail]) == [ChunkMerge(target: tail, range: 0..<2, isTail: true)]
        )
    }

    @Test func aFullTailIsLeftAlone() {
        let tail = StoredChunk(id: 1, first: 0, last: 9999, count: full)
        #expect(
            ChunkMerge.plan(times: [5, 10_000], existing: [tail]) == [
                ChunkMerge(target: tail, range: 0..<1, isTail: true),
                ChunkMerge(target: nil, range: 1..<2, isTail: true),
            ]
        )
    }

    @Test func readingsOfTwoGapsStayApart() {
        let a = StoredChunk(id: 1, first: 0, last: 10, count: full)
        let b = StoredChunk(id: 2, first: 20, last: 30, count: full)
        let merges = ChunkMerge.plan(times: [15, 40], existing: [a, b])
        #expect(merges.map(\.range) == [0..<1, 1..<2])
        #expect(merges.map(\.target) == [nil, nil])
        #expect(merges.map(\.isTail) == [false, true])
    }

    @Test func lateReadingsSplitTheirChunkEvenly() {
        let a = StoredChunk(id: 1, first: 0, last: 5000, count: full)
        let b = StoredChunk(id: 2, first: 6000, last: 7000, count: full)
        let merge = ChunkMerge.plan(times: [17], existing: [a, b])[0]
        #expect(merge == ChunkMerge(target: a, range: 0..<1, isTail: false))
        #expect(merge.cut(full + 1) == [0..<512, 512..<1025])
    }
}
