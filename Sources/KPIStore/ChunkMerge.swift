/// A chunk as the index knows it.
struct StoredChunk: Equatable {
    var id: Int64
    var first: Int64
    var last: Int64
    var count: Int
}

/// Where new readings of a series go, such that chunks never overlap, few are rewritten, and none stays small for long.
///
/// A reading goes to the chunk that covers it; else to the chunk before it while that one has room; else to a new one. Readings that
/// come in order so fill one chunk after the other; a late one rewrites only the chunk that it falls into.
struct ChunkMerge: Equatable {
    /// Rewritten together with `range` of the new readings; nil where these make chunks of their own.
    var target: StoredChunk?
    /// Positions of new readings.
    var range: Range<Int>
    /// Later than all that is stored: then chunks are filled and the last stays open for more.
    ///
    /// Others are split evenly.
    var isTail: Bool

    /// Where readings go whose `times` ascend strictly.
    ///
    /// `existing` are, in order, all chunks of the series from the one at or before the first of them on.
    static func plan(times: [Int64], existing: [StoredChunk]) -> [ChunkMerge] {
        var merges: [ChunkMerge] = []
        var chunk = 0
        // The chunk at or before the readings of the last merge: new chunks of two gaps must stay two.
        var place = 0
        for (position, time) in times.enumerated() {
            while chunk + 1 < existing.count, existing[chunk + 1].first <= time { chunk += 1 }
            var target: StoredChunk?
            if existing.indices.contains(chunk) {
                let candidate = existing[chunk]
                let covered = candidate.first <= time && time <= candidate.last
                if covered || candidate.count < Chunk.fullCount { target = candidate }
            }
            if var last = merges.last, last.target == target, place == chunk {
                last.range = last.range.lowerBound..<position + 1
                merges[merges.count - 1] = last
            } else {
                let isTail = chunk + 1 >= existing.count && (existing.last.map { $0.first <= time } ?? true)
                merges.append(ChunkMerge(target: target, range: position..<position + 1, isTail: isTail))
                place = chunk
            }
        }
        return merges
    }

    /// Cuts `count` readings into chunks.
    func cut(_ count: Int) -> [Range<Int>] {
        let full = Chunk.fullCount
        guard count > full else { return [0..<count] }
        let pieces = (count + full - 1) / full
        return (0..<pieces)
            .map { piece in
                isTail
                    ? piece * full..<min(count, (piece + 1) * full)
                    : piece * count / pieces..<(piece + 1) * count / pieces
            }
    }
}
