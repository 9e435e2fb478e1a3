package import Domain

extension Decision {
    /// What later decisions must know of this one.
    ///
    /// A decision that was only said leaves what really stands: a dry run uses up no step limit, no budget and no cooldown.
    package var past: PastDecision {
        let isDone = outcome != .advise && outcome != .await
        let removed = isDone ? plan.retire.reduce(plan.assign.count) { Count.sum($0, $1.count) } : 0
        return PastDecision(at: at, target: isDone ? target : current, need: need, removed: removed)
    }
}

extension [PastDecision] {
    /// Appends a decision and forgets what no rail can ask for any more: entries between equal targets whose need a later one reaches,
    /// and those older than `span`, but for the last of them, which says what stood when a window began, and the one before it that
    /// differs, which says where the target had last moved.
    ///
    /// Rails whose windows are within `span` answer the same over the shortened past as over the whole one.
    package mutating func remember(_ decision: PastDecision, for span: TimeSpan) {
        while count >= 2 {
            let (last, beforeLast) = (self[count - 1], self[count - 2])
            guard last.target == decision.target, beforeLast.target == last.target, last.need <= decision.need,
                last.removed == 0
            else { break }
            removeLast()
        }
        append(decision)
        let oldest = decision.at - span
        guard let start = lastIndex(where: { $0.at <= oldest }), start > 0 else { return }
        let target = self[start].target
        guard let move = self[..<start].lastIndex(where: { $0.target != target }) else { return removeFirst(start) }
        removeSubrange((move + 1)..<start)
        removeFirst(move)
    }
}
