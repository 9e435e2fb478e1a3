/// Finds the word that was probably meant.
package enum NearestWord {
    /// The known word nearest to `word`, or nil where none is near enough to be a slip of the fingers: one edit for short words,
    /// about a third of the letters for longer ones.
    ///
    /// Case, `-` and `_` count as equal. Of equally near ones the first of `known`.
    ///
    /// Optimal string alignment (Damerau–Levenshtein with adjacent swaps); O(length²) per known word.
    package static func find(_ word: String, among known: [String]) -> String? {
        let wanted = folded(word)
        guard !wanted.isEmpty, wanted.count <= 200 else { return nil }
        let limit = wanted.count <= 2 ? 1 : max(1, min(4, (wanted.count + 1) / 3))
        var best: (word: String, distance: Int)?
        for candidate in known {
            let other = folded(candidate)
            // A word of one letter is one edit from every other: only the first letter may speak for it.
            guard abs(other.count - wanted.count) <= limit, other.count > 1 || other.first == wanted.first else {
                continue
            }
            let distance = distance(wanted, other)
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    private static func folded(_ word: String) -> [UInt8] {
        word.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "-"), UInt8(ascii: " "): UInt8(ascii: "_")
            default: byte
            }
        }
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: b.count + 1)
        var previous = Array(0...b.count)
        for (i, letter) in a.enumerated() {
            var row = previous
            row[0] = i + 1
            for (j, other) in b.enumerated() {
                var cost = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (letter == other ? 0 : 1))
                if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { cost = min(cost, beforePrevious[j - 1] + 1) }
                row[j + 1] = cost
            }
            beforePrevious = previous
            previous = row
        }
        return previous[b.count]
    }
}
