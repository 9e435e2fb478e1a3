import Domain

extension ExplanationPage {
    /// Each policy: what it looked at, with the answers, what it asked for or why it could not, and what it logged; then the hooks.
    mutating func describePolicies(_ input: DecisionInput) {
        section("What the policies looked at and asked for")
        if input.policies.isEmpty { item("no policy was asked") }
        for outcome in input.policies {
            item(outcome.policy)
            describe(outcome.transcript)
            switch outcome.ending {
            case .proposed(let proposals):
                if proposals.isEmpty { item("  asks for nothing") }
                for proposal in proposals { item("  asks \(inWords(proposal))") }
            case .blind(let what): item("  is blind: \(what)")
            case .failed(let why): item("  failed: \(why)")
            }
            for text in outcome.log { item("  logged: \(text)") }
        }
        if let hook = input.mergeHook {
            item("\(hook.policy), merge hook")
            describe(hook.transcript)
            item(
                "  " + (hook.need.map { "decides \(NumberText.count($0)): \(hook.reason)" } ?? "failed: \(hook.reason)")
            )
        }
        if let hook = input.mixHook {
            item("\(hook.policy), persona hook")
            describe(hook.transcript)
            let choice = hook.mix.map { "chose \($0.isEmpty ? "nothing" : $0.inWords)" } ?? "chose nothing"
            item("  " + choice + (hook.reason.isEmpty ? "" : ": \(hook.reason)"))
        }
    }

    private mutating func describe(_ transcript: [TranscriptLine]) {
        for look in transcript { item("  saw \(look.call) = \(look.answer)") }
    }

    /// As it stands in the script.
    private func inWords(_ proposal: Proposal) -> String {
        let ask =
            switch proposal.ask {
            case .scaleTo(let count): "scale_to \(NumberText.count(count))"
            case .scaleToMix(let mix): "scale_to \(mix.isEmpty ? "nothing" : mix.inWords)"
            case .scaleBy(let amount): "scale_by \(amount)"
            case .atLeast(let count): "at_least \(NumberText.count(count))"
            case .atMost(let count): "at_most \(NumberText.count(count))"
            case .hold(.both): "hold"
            case .hold(.in): "hold, no scale-in"
            case .hold(.out): "hold, no scale-out"
            case .assign(let resource, let persona, let duration):
                "assign \(resource) to \(persona)" + (duration.map { " for \($0)" } ?? "")
            }
        return proposal.reason.isEmpty ? ask : "\(ask): \(proposal.reason)"
    }
}
