import Domain

extension Deliberation {
    /// `max(prediction, scale_to and scale_by, floors)`, then the smallest ceiling, then holds; or what the merge hook says.
    mutating func merge() {
        let predicted = count
        if rules.prediction == .off { cause = "no policy asks for a change" }
        if let hook = input.mergeHook {
            if let need = hook.need {
                step("merge_hook", need, "\(hook.policy) decides: \(hook.reason)")
                cause = steps.last?.reason ?? ""
                self.need = count
                return
            }
            step("merge_hook", count, "\(hook.policy) failed: \(hook.reason); the usual rule holds")
        }
        raise(from: predicted)
        lower()
        hold()
        need = count
    }

    /// Targets and floors.
    ///
    /// Where nobody says what is enough, what is there stays: a floor alone never scales in.
    private mutating func raise(from predicted: Int) {
        var base: Int?
        switch rules.prediction {
        case .merge: base = predicted
        case .floor, .off: break
        }
        var floor = rules.prediction == .floor ? predicted : 0
        var asked: (count: Int, words: String)?
        for proposal in proposals {
            guard let (target, isTarget) = wish(of: proposal) else { continue }
            let words = "\(proposal.policy) asks \(inWords(proposal, target))"
            note("proposal", words)
            if isTarget { base = max(base ?? 0, target) } else { floor = max(floor, target) }
            if target > asked?.count ?? -1 { asked = (target, words) }
        }
        let merged = max(base ?? current, floor)
        if let asked, asked.count == merged, merged != predicted || rules.prediction != .merge { cause = asked.words }
        if rules.prediction == .floor, merged != predicted, base == nil, floor <= predicted {
            cause = "the prediction may only raise the count"
        }
        if merged != count { step("merge", merged, "the largest of prediction, targets and floors") }
    }

    private mutating func lower() {
        var lowest: (count: Int, words: String)?
        for proposal in proposals {
            guard case .atMost(let most) = proposal.ask else { continue }
            let words = "\(proposal.policy) asks \(inWords(proposal, Count.bounded(most)))"
            if Count.bounded(most) < lowest?.count ?? .max { lowest = (Count.bounded(most), words) }
        }
        guard let lowest else { return }
        ceiling = lowest.count
        if count > lowest.count { cause = lowest.words }
        step("proposal", min(count, lowest.count), lowest.words)
    }

    private mutating func hold() {
        for proposal in proposals {
            guard case .hold(let direction) = proposal.ask else { continue }
            if direction != .out { held.in = true }
            if direction != .in { held.out = true }
            let after =
                switch direction {
                case .both: current
                case .in: max(count, current)
                case .out: min(count, current)
                }
            let words = "\(proposal.policy) asks \(inWords(proposal, after))"
            if after != count { cause = words }
            step("proposal", after, words)
        }
    }

    /// The count that a target or a floor asks for.
    private func wish(of proposal: Proposal) -> (count: Int, isTarget: Bool)? {
        switch proposal.ask {
        case .scaleTo(let count): (Count.bounded(count), true)
        case .scaleToMix(let mix): unknownPersona(in: mix) == nil ? (Self.sum(mix), true) : nil
        case .scaleBy(let amount): (standing.scaled(by: amount), true)
        case .atLeast(let count): (Count.bounded(count), false)
        case .atMost, .hold, .assign: nil
        }
    }

    static func sum(_ mix: [PersonaCount]) -> Int {
        mix.reduce(0) { Count.sum($0, $1.count) }
    }

    /// The first persona of a mix that the fleet cannot run.
    func unknownPersona(in mix: [PersonaCount]) -> String? {
        mix.first { part in !rules.personas.contains { $0.name == part.persona } }?.persona
    }

    /// `scale_by 20% of 10 ready (12): p99 above objective`.
    private func inWords(_ proposal: Proposal, _ count: Int) -> String {
        let ask =
            switch proposal.ask {
            case .scaleTo: "scale_to \(NumberText.count(count))"
            case .scaleToMix(let mix): "scale_to \(mix.inWords)"
            case .scaleBy(let amount):
                "scale_by \(amount) of \(NumberText.count(standing.ready)) ready (\(NumberText.count(count)))"
            case .atLeast: "at_least \(NumberText.count(count))"
            case .atMost: "at_most \(NumberText.count(count))"
            case .hold(let direction): direction == .both ? "hold" : "hold \(direction.rawValue)"
            case .assign(let resource, let persona, _): "assign \(resource) to \(persona)"
            }
        return proposal.reason.isEmpty ? ask : "\(ask): \(proposal.reason)"
    }
}

extension Standing {
    /// More or less than is ready; a share is rounded so that it moves by at least one, and by no more than it says on the way in.
    ///
    /// What is starting counts towards more, so that the same wish twice does not add up; but who asks for more, or for no change, does
    /// not ask for what is starting to go.
    fileprivate func scaled(by amount: ScaleAmount) -> Int {
        let isMore: Bool
        let size: Int
        switch amount {
        case .count(let count):
            isMore = count >= 0
            size = Count.bounded(isMore ? count : 0 - max(count, -Count.most))
        case .fraction(let fraction):
            guard fraction.isFinite, fraction != 0 else { return current }
            isMore = fraction > 0
            size = Count.amount(amount, of: ready, out: isMore)
        }
        return isMore ? max(current, Count.sum(ready, size)) : max(0, ready - size)
    }
}

extension [PersonaCount] {
    /// `3 low-latency and 1 background-task`.
    var inWords: String {
        var text = ""
        for (index, part) in enumerated() {
            if index > 0 { text += index == count - 1 ? " and " : ", " }
            text += "\(NumberText.count(part.count)) \(part.persona)"
        }
        return text
    }
}
