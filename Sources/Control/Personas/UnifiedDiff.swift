import Domain

/// How one text becomes another, as `diff -u` writes it.
enum UnifiedDiff {
    private static let context = 3

    /// Nil where nothing differs. A file that is not there yet, or no longer, reads as `/dev/null`.
    static func of(_ before: String?, _ after: String?, path: String) -> String? {
        guard before != after else { return nil }
        let (old, new) = (lines(before), lines(after))
        var text = "--- \(before == nil ? "/dev/null" : path)\n+++ \(after == nil ? "/dev/null" : path)\n"
        let edits = edits(from: old, to: new)
        for hunk in hunks(edits) {
            let part = edits[hunk]
            let first = edits[..<hunk.lowerBound]
            let oldStart = first.count { $0.kind != .added }
            let newStart = first.count { $0.kind != .removed }
            let oldCount = part.count { $0.kind != .added }
            let newCount = part.count { $0.kind != .removed }
            // Of an empty side the line before it is named, as `diff` does.
            let left = "\(oldStart + (oldCount > 0 ? 1 : 0)),\(oldCount)"
            let right = "\(newStart + (newCount > 0 ? 1 : 0)),\(newCount)"
            text += "@@ -\(left) +\(right) @@\n"
            for edit in part { text += "\(edit.kind.rawValue)\(edit.line)\n" }
        }
        return text
    }

    /// Of all files of one set that differ in the other, sorted by path.
    static func between(_ before: [ConfigTemplate], _ after: [ConfigTemplate]) -> [AssignmentEffect.FileDiff] {
        Set((before + after).map(\.path)).sorted()
            .compactMap { path in
                let old = before.first { $0.path == path }?.contents
                let new = after.first { $0.path == path }?.contents
                return of(old, new, path: path).map { AssignmentEffect.FileDiff(path: path, diff: $0) }
            }
    }

    private struct Edit {
        enum Kind: Character {
            case kept = " "
            case removed = "-"
            case added = "+"
        }

        var kind: Kind
        var line: Substring
    }

    private static func lines(_ text: String?) -> [Substring] {
        guard let text, !text.isEmpty else { return [] }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The standard library's difference (Myers), told line by line.
    private static func edits(from old: [Substring], to new: [Substring]) -> [Edit] {
        let difference = new.difference(from: old)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var edits: [Edit] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if i < old.count, removed.contains(i) {
                edits.append(Edit(kind: .removed, line: old[i]))
                i += 1
            } else if j < new.count, added.contains(j) {
                edits.append(Edit(kind: .added, line: new[j]))
                j += 1
            } else {
                edits.append(Edit(kind: .kept, line: i < old.count ? old[i] : new[j]))
                i += 1
                j += 1
            }
        }
        return edits
    }

    /// Changes with three lines around them; those that touch are one.
    private static func hunks(_ edits: [Edit]) -> [Range<Int>] {
        var hunks: [Range<Int>] = []
        for index in edits.indices where edits[index].kind != .kept {
            let around = max(0, index - context)..<min(edits.count, index + context + 1)
            if let last = hunks.last, last.upperBound >= around.lowerBound {
                hunks[hunks.count - 1] = last.lowerBound..<around.upperBound
            } else {
                hunks.append(around)
            }
        }
        return hunks
    }
}
