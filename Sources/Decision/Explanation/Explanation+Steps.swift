import Domain

extension ExplanationPage {
    /// The trace: each rule and rail with the count before and after, and why; then the rails that were in force and let it pass.
    mutating func describeSteps(_ record: DecisionRecord) {
        section("How the count came about")
        let steps = record.decision.steps.dropLast(where: { $0.rule == "plan" })
        let moves = steps.map { step -> String in
            let (before, after) = (NumberText.count(step.before), NumberText.count(step.after))
            return before == after ? before : "\(before) → \(after)"
        }
        let width = min(24, moves.map(\.count).max() ?? 0)
        for (step, move) in zip(steps, moves) { entry(step.rule, Self.padded(move, width) + "  " + step.reason) }
        let quiet = quietRails(record)
        if !quiet.isEmpty { entry("in force", quiet.joined(separator: ", ") + ": nothing to correct") }
    }

    /// Rails that are set and had nothing to say.
    private func quietRails(_ record: DecisionRecord) -> [String] {
        let limits = record.input.rules.limits
        let rails: [(name: String, isSet: Bool)] = [
            ("min_max", true), ("step", limits.stepUp != nil || limits.stepDown != nil),
            ("settle", limits.settle != nil),
            ("reversals", limits.reversals != nil), ("removals", limits.removals != nil),
            ("cost", limits.costPerHour != nil),
        ]
        return rails.filter { rail in rail.isSet && !record.decision.steps.contains { $0.rule == rail.name } }
            .map(\.name)
    }

    /// What starts, retires and changes persona, or that nothing does.
    mutating func describePlan(_ record: DecisionRecord) {
        let decision = record.decision
        section("What happens")
        switch decision.outcome {
        case .advise: item("nothing: mode \(record.input.rules.mode.rawValue) only says what it would do")
        case .await: item("nothing until a person approves:")
        case .hold, .scaleOut, .scaleIn, .change: break
        }
        // The last step says in words what the plan is, also where it is only said.
        if let plan = decision.steps.last, plan.rule == "plan" { item(plan.reason) }
        for group in decision.plan.retire {
            item(
                "  retire \(NumberText.count(group.count)) \(group.persona), \(group.state.rawValue), asked for at \(group.since)"
            )
        }
        if !decision.plan.fallbacks.isEmpty {
            item("  where they cannot be had: \(decision.plan.fallbacks.joined(separator: ", then "))")
        }
        for assignment in decision.plan.assign {
            let end = assignment.until.map { "until \($0)" } ?? "until it is changed"
            item(
                "  \(assignment.resource) plays \(assignment.persona) \(end)"
                    + (assignment.reason.isEmpty ? "" : ": \(assignment.reason)")
            )
        }
    }

    /// Whether the recorded input still leads to the recorded decision, and where it parts from it.
    mutating func describeReplay(_ record: DecisionRecord) {
        let (then, now) = (record.decision, record.replay())
        section("Replay")
        if now == then {
            item("the recorded input leads to the same decision, step by step")
            return
        }
        item("this binary decides otherwise over the recorded input: \(now.reason)")
        let places = max(then.steps.count, now.steps.count)
        guard let place = (0..<places).first(where: { then.steps.at($0) != now.steps.at($0) }) else {
            item("  the steps are the same; target, plan or wording differ")
            return
        }
        item("  recorded: \(inWords(then.steps.at(place)))")
        item("  replayed: \(inWords(now.steps.at(place)))")
    }

    private func inWords(_ step: TraceStep?) -> String {
        guard let step else { return "no step" }
        return "\(step.rule) \(NumberText.count(step.before)) → \(NumberText.count(step.after)): \(step.reason)"
    }
}

extension [TraceStep] {
    fileprivate func at(_ index: Int) -> TraceStep? { indices.contains(index) ? self[index] : nil }

    /// Without the last step where it is one that `isLast` means.
    fileprivate func dropLast(where isLast: (TraceStep) -> Bool) -> ArraySlice<TraceStep> {
        last.map(isLast) ?? false ? dropLast() : self[...]
    }
}
