package import Decision
import Domain
package import ScriptProtocol

extension PolicyRunner {
    /// Runs the hook `merge(ctx, proposals, prediction)`, which answers the need: a whole number, and why.
    ///
    /// `prediction` is the need that the forecast alone gives.
    package func merge(
        _ context: PolicyContext,
        proposals: [PolicyOutcome],
        prediction: Int,
        state: ScriptValue = .null
    ) async -> HookOutcome {
        let extra = [
            ScriptValue.Field("prediction", .sorted([.init("need", .integer(Int64(prediction)))])),
            .init("proposals", .list(proposals.flatMap(\.proposals).map(\.described))),
        ]
        let run = await call("merge", context, state: state, extra: extra)
        var need: Int?
        var reason: String
        switch run.answer {
        case .failure(let failure):
            reason = failure.located
        case .success(let value):
            need = ProposalDecoding.count(value["first"])
            reason = text(value["second"]) ?? "merge hook of \(policy.name)"
            if need == nil {
                reason =
                    "\(policy.script.name): merge returned \((value["first"] ?? .null).inWords); expected a whole number of resources"
            }
        }
        return HookOutcome(policy: policy.name, need: need, reason: reason, transcript: run.transcript)
    }

    /// Runs the hook `choose_persona(ctx, shortfall)`, which answers the personas of new capacity: a table of counts, or one name.
    package func choosePersona(
        _ context: PolicyContext,
        shortfall: Shortfall,
        state: ScriptValue = .null
    ) async -> MixHookOutcome {
        let missing = ScriptValue.Field(
            "shortfall",
            .sorted([
                .init("demand", .number(shortfall.demand)), .init("resources", .integer(Int64(shortfall.resources))),
            ])
        )
        let run = await call("choose_persona", context, state: state, extra: [missing])
        switch run.answer {
        case .failure(let failure):
            return MixHookOutcome(policy: policy.name, mix: nil, reason: failure.located, transcript: run.transcript)
        case .success(let value):
            do {
                let mix = try mix(value["first"] ?? .null, for: shortfall, context)
                let reason = text(value["second"]) ?? "persona hook of \(policy.name)"
                return MixHookOutcome(policy: policy.name, mix: mix, reason: reason, transcript: run.transcript)
            } catch {
                return MixHookOutcome(
                    policy: policy.name,
                    mix: nil,
                    reason: "\(policy.script.name): \(error.description)",
                    transcript: run.transcript
                )
            }
        }
    }

    private func mix(
        _ value: ScriptValue,
        for shortfall: Shortfall,
        _ context: PolicyContext
    ) throws(RubbishReturned) -> [PersonaCount] {
        guard case .string(let name) = value else {
            return try ProposalDecoding.mix(value, personas: input.source.personas)
        }
        guard let persona = input.sourcePersonas.first(where: { $0.name == name }), input.source.personas.contains(name)
        else {
            throw RubbishReturned(
                "choose_persona names persona \"\(ProposalDecoding.clean(name, longest: 63))\", which this fleet does not have"
            )
        }
        // Another persona serves another demand: as many of it as the shortfall asks for.
        let capacity = context.served[name] ?? persona.serves(input.source.demand) ?? 0
        let needed = capacity > 0 ? (shortfall.demand / capacity - 1e-9).rounded(.up) : Double(shortfall.resources)
        let count = needed.isFinite ? Int(min(max(0, needed), 100_000)) : max(0, shortfall.resources)
        return [PersonaCount(persona: name, count: count)]
    }

    private func text(_ value: ScriptValue?) -> String? {
        guard case .string(let text)? = value, !text.isEmpty else { return nil }
        return ProposalDecoding.clean(text, longest: ProposalDecoding.longestReason)
    }
}

/// How much is missing: demand that is not met, and how many resources of the default persona that is.
package struct Shortfall: Hashable, Sendable {
    package var demand: Double
    package var resources: Int

    package init(demand: Double, resources: Int) {
        self.demand = demand
        self.resources = resources
    }
}
