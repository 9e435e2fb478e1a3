import Domain

extension Deliberation {
    /// Which personas the need is made of: a whole mix that a policy asked for; for new capacity the hook's answer, else the cheapest.
    mutating func chooseMix() {
        chooseWholeMix()
        filler = standing.personas.first?.name ?? rules.personas.first?.name
        guard count > current else { return }
        if let hook = input.mixHook, followed(hook) { return }
        guard standing.personas.count > 1 else { return }
        let cheapest = standing.mix(for: sizing.shortfall)
        additions = cheapest.parts
        guard let first = cheapest.parts.first else { return }
        if cheapest.parts.count > 1 || first.persona != filler {
            note("mix", "\(cheapest.parts.inWords) serve the missing \(NumberText.amount(sizing.shortfall)) cheapest")
        }
    }

    private mutating func chooseWholeMix() {
        guard input.mergeHook?.need == nil else { return }
        for proposal in proposals {
            guard case .scaleToMix(let mix) = proposal.ask else { continue }
            if let unknown = unknownPersona(in: mix) {
                let reason =
                    "\(proposal.policy) asks for persona \(unknown), which is none of the fleet's: not followed"
                note("mix", reason)
            } else if wantedMix == nil {
                wantedMix = mix.filter { $0.count > 0 }
            } else {
                let reason = "\(proposal.policy) asks for \(mix.inWords) too: another policy's mix came first"
                note("mix", reason)
            }
        }
    }

    /// Takes the hook's mix where it is one; it says which personas new capacity takes, and where it serves less than is needed, more of
    /// the one it asked most of fills up.
    private mutating func followed(_ hook: MixHookOutcome) -> Bool {
        func refuse(_ why: String) -> Bool {
            let reason = "\(hook.policy) \(why): the cheapest mix stands in"
            note("mix", reason)
            return false
        }
        guard let mix = hook.mix else { return refuse("chose no persona (\(hook.reason))") }
        if let unknown = unknownPersona(in: mix) {
            return refuse("chose persona \(unknown), which is none of the fleet's")
        }
        guard mix.allSatisfy({ $0.count >= 0 }), let most = mix.max(by: { $0.count < $1.count }), most.count > 0 else {
            return refuse("chose a mix of nothing")
        }
        additions = mix.filter { $0.count > 0 }
        filler = most.persona
        let served = additions.reduce(0.0) {
            $0 + (standing.rules(of: $1.persona)?.capacity ?? 0) * Double(Count.bounded($1.count))
        }
        // Other personas serve more or less each, so the same demand may take another number of them. A number that the merge hook
        // asked for stays that number, and a ceiling stays one.
        var after = count
        if let each = standing.rules(of: most.persona)?.capacity, sizing.shortfall > 0, rules.prediction != .off,
            input.mergeHook?.need == nil
        {
            let more = Count.covering(sizing.shortfall - served, by: each)
            let chosen = Count.sum(current, Count.sum(Self.sum(additions), more))
            after = min(count == sizing.need ? chosen : max(count, chosen), ceiling ?? Count.most)
        }
        step(
            "mix",
            after,
            "\(hook.policy) chose \(additions.inWords)" + (hook.reason.isEmpty ? "" : ": \(hook.reason)")
        )
        need = count
        return true
    }
}
