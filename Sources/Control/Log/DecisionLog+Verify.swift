import Domain
import Foundation
import StateStore

extension DecisionLog {
    /// How much of the log's end may be without a seal: a server seals each minute, and may have been killed before it did.
    static let grace = TimeSpan.minutes(5)

    /// Walks every link and every seal.
    ///
    /// - Complexity: O(decisions), a page of them in memory at a time.
    package func verify() throws -> LogReport {
        var report = LogReport()
        // In this order: what is decided meanwhile lies behind the heads, and no seal is newer than they are.
        let checkpoints = try store.checkpoints()
        let heads = try store.logHeads()
        let marks = try marks(in: checkpoints, &report)
        report.fleets = heads.count
        for head in heads {
            try verify(head, marks[head.fleet] ?? [], base: base(of: checkpoints, head.fleet), &report)
        }
        let known = Set(heads.map(\.fleet))
        for (fleet, marks) in marks.sorted(by: { $0.key < $1.key }) where !known.contains(fleet) {
            guard let last = marks.last else { continue }
            report.note(
                fleet,
                last.at,
                "fleet \(fleet): all its decisions are missing; at \(last.at) it had \(last.head.length)."
            )
        }
        return report
    }

    /// Where a fleet stood at a checkpoint.
    private struct Mark {
        var at: Timestamp
        var head: LogHead
    }

    private func marks(in checkpoints: [StoredCheckpoint], _ report: inout LogReport) throws -> [String: [Mark]] {
        var marks: [String: [Mark]] = [:]
        var before: StoredCheckpoint?
        report.checkpoints = checkpoints.count
        for checkpoint in checkpoints {
            guard sealing.isSound(checkpoint) else {
                report.note(
                    nil,
                    checkpoint.at,
                    "all fleets: the checkpoint of \(checkpoint.at) was changed, or sealed with another key."
                )
                before = checkpoint
                continue
            }
            if let before {
                if checkpoint.previous != before.seal {
                    report.note(
                        nil,
                        checkpoint.at,
                        "all fleets: checkpoints between \(before.at) and \(checkpoint.at) are missing or out of order."
                    )
                }
            } else if !checkpoint.previous.isEmpty, checkpoint.base != sealing.base(of: checkpoint) {
                report.note(nil, checkpoint.at, "all fleets: the checkpoints before \(checkpoint.at) are missing.")
            }
            for head in sealing.heads(of: checkpoint) ?? [] {
                marks[head.fleet, default: []].append(Mark(at: checkpoint.at, head: head))
            }
            report.sealedThrough = checkpoint.at
            before = checkpoint
        }
        return marks
    }

    /// Where retention has begun anew for a fleet.
    private func base(of checkpoints: [StoredCheckpoint], _ fleet: String) -> LogHead? {
        guard let first = checkpoints.first, !first.base.isEmpty, first.base == sealing.base(of: first) else {
            return nil
        }
        return sealing.heads(of: first)?.first { $0.fleet == fleet }
    }

    private func verify(_ head: LogHead, _ marks: [Mark], base: LogHead?, _ report: inout LogReport) throws {
        let fleet = head.fleet
        var last = LogHead(fleet: fleet, length: 0, head: Data())
        var lastAt: Timestamp?
        var left = marks[...]
        let sealed = marks.last?.head.length ?? 0
        var firstUnsealed: Timestamp?
        var isFirst = true
        while last.length < head.length {
            let page = try store.linkedDecisions(of: fleet, after: last.length, limit: 1000)
            guard !page.isEmpty else { break }
            for decision in page {
                guard decision.sequence <= head.length else { break }
                let at = decision.at
                var isKnown = true
                if isFirst, let base, decision.sequence <= base.length + 1 {
                    // Of the last one before the horizon nothing is left to prove it by but its link.
                    if decision.sequence == base.length + 1 { last = base } else { isKnown = false }
                } else if decision.sequence != last.length + 1 {
                    let from = lastAt.map { "after \($0)" } ?? "from the beginning"
                    report.note(
                        fleet,
                        at,
                        "fleet \(fleet): decisions \(last.length + 1) to \(decision.sequence - 1) are missing, \(from) and before \(at)."
                    )
                    isKnown = false
                }
                isFirst = false
                if isKnown {
                    let expected = DecisionChain.following(last, content: DecisionChain.content(of: decision))
                    if expected.head != decision.link {
                        report.note(
                            fleet,
                            at,
                            "fleet \(fleet): the decision of \(at) (number \(decision.sequence)) is not what was recorded."
                        )
                    }
                }
                if let lastAt, at <= lastAt {
                    report.note(
                        fleet,
                        at,
                        "fleet \(fleet): the decision of \(at) (number \(decision.sequence)) is out of order, after \(lastAt)."
                    )
                }
                while let mark = left.first, mark.head.length <= decision.sequence {
                    if mark.head.length == decision.sequence, mark.head.head != decision.link {
                        report.note(
                            fleet,
                            at,
                            "fleet \(fleet): up to the decision of \(at) the log is not what was sealed at \(mark.at)."
                        )
                    }
                    left.removeFirst()
                }
                last = LogHead(fleet: fleet, length: decision.sequence, head: decision.link)
                lastAt = at
                report.decisions += 1
                if decision.sequence > sealed {
                    report.unsealed += 1
                    firstUnsealed = firstUnsealed ?? at
                }
            }
        }
        if last.length < max(head.length, marks.last?.head.length ?? 0) {
            let from = lastAt.map { "after \($0)" } ?? "from the beginning"
            report.note(
                fleet,
                lastAt,
                "fleet \(fleet): decisions \(last.length + 1) to \(max(head.length, marks.last?.head.length ?? 0)) are missing, \(from)."
            )
        } else if last.head != head.head {
            report.note(
                fleet,
                lastAt,
                "fleet \(fleet): the last decision, of \(lastAt.map { "\($0)" } ?? "no time"), is not what was recorded."
            )
        }
        if let first = firstUnsealed, let lastAt, lastAt - first > Self.grace {
            report.note(
                fleet,
                first,
                "fleet \(fleet): decisions from \(first) to \(lastAt) are not sealed: checkpoints are missing, or the server could not write them."
            )
        }
    }
}
