package import Domain

extension Decision {
    /// What later decisions must know of this one. A decision that was only said leaves what really stands: a dry run uses up no step
    /// limit, no budget and no cooldown.
    package var past: PastDecision {
        let isDone = outcome != .advise && outcome != .await
        return PastDecision(at: at, target: isDone ? target : current, need: need)
    }
}

extension [PastDecision] {
    /// Appends a decision and forgets what no rail can ask for any more: entries older than `span` but for the last of them, which says
    /// what stood when a window began, and entries between equal targets whose need a later one exceeds.
    ///
    /// Rails answer the same over the shortened past as over the whole one.
    package mutating func remember(_ decision: PastDecision, for span: TimeSpan) {
        while count >= 2 {
            let (last, beforeLast) = (self[count - 1], self[count - 2])
            guard last.target == decision.target, beforeLast.target == last.target, last.need <= decision.need else { break }
            removeLast()
        }
        append(decision)
        let oldest = decision.at - span
        if let start = lastIndex(where: { $0.at <= oldest }), start > 0 { removeFirst(start) }
    }
}
