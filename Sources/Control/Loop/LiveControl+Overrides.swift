import Domain
package import StateStore
import Synchronization

extension LiveControl {
    package func overrides(of fleet: String?) async throws(ControlError) -> [StoredOverride] {
        let now = parts.clock.now
        guard let fleet else { return services.overrides.all(at: now) }
        _ = try lane(fleet)
        return services.overrides.holding(for: fleet, at: now)
    }

    package func override(_ request: OverrideRequest, by: String) async throws(ControlError) -> StoredOverride {
        let now = parts.clock.now
        try check(request)
        var word = OperatorOverride(
            until: request.duration.map { now + $0 },
            by: by,
            reason: request.reason
        )
        switch request.change {
        case .pause(let pause): word.pause = pause
        case .scale(let min, let max): (word.min, word.max) = (min, max)
        }
        let new = StoredOverride(fleet: request.fleet, from: now, word: word)
        // One pause and one pair of bounds at a time: the last word of each counts.
        let replaced = services.overrides.all(at: now)
            .filter {
                $0.fleet == request.fleet && !$0.isContention && ($0.word.pause == nil) == (word.pause == nil)
            }
        return try await change(ending: replaced, with: [new], by: by)[0]
    }

    package func resume(fleet: String?, by: String) async throws(ControlError) -> [StoredOverride] {
        let now = parts.clock.now
        if let fleet { _ = try lane(fleet) }
        let all = services.overrides.all(at: now)
        let own = all.filter { $0.fleet == fleet }
        let forAll = all.contains { $0.fleet == nil }
        guard !own.isEmpty else {
            switch fleet {
            case let fleet? where forAll:
                throw ControlError(.conflict, "Fleet \(fleet) is paused with all others. Resume all of them, or none.")
            case let fleet?:
                throw ControlError(
                    .conflict,
                    "Fleet \(fleet) is not paused, held or scaled by a person: nothing to resume."
                )
            case nil:
                throw ControlError(
                    .conflict,
                    "Nothing was said of all fleets at once. Resume those that are paused one by one."
                )
            }
        }
        _ = try await change(ending: own, with: [], by: by)
        for lane in lanes where fleet == nil || lane.name == fleet { lane.forgiveContests() }
        return own
    }

    private func change(
        ending: [StoredOverride],
        with new: [StoredOverride],
        by: String
    ) async throws(ControlError) -> [StoredOverride] {
        let now = parts.clock.now
        let ids = ending.map(\.id)
        let stored = try await asking { store throws(StateStoreError) in
            try store.replaceOverrides(ending: ids, with: new, at: now, by: by)
        }
        services.overrides.change(ending: Set(ids), with: stored)
        for one in ending where stored.isEmpty { parts.report(.overridden(fleet: one.fleet, what: nil, by: by)) }
        for one in stored { parts.report(.overridden(fleet: one.fleet, what: one.word.inWords, by: by)) }
        let fleets = Set((ending + stored).map(\.fleet))
        for lane in lanes where fleets.contains(nil) || fleets.contains(lane.name) { mark(lane, at: now) }
        return stored
    }

    private func check(_ request: OverrideRequest) throws(ControlError) {
        if let duration = request.duration, duration <= .zero || duration > OverrideRequest.longest {
            throw ControlError(.invalid, "It lasts \(duration); say how long, up to 100 years, or leave it out.")
        }
        let fleet: Fleet? = if let name = request.fleet { try lane(name).assembly.fleet } else { nil }
        guard case .scale(let min, let max) = request.change else { return }
        guard let fleet else { throw ControlError(.invalid, "Name a fleet: its bounds are its own.") }
        guard min != nil || max != nil else { throw ControlError(.invalid, "Say a minimum, a maximum, or both.") }
        let (least, most) = (fleet.limits.min, fleet.limits.max ?? .max)
        let limits = "fleet \(fleet.name) has min \(least)" + (fleet.limits.max.map { " and max \($0)" } ?? "")
        for (what, count) in [("minimum", min), ("maximum", max)] {
            guard let count, count < least || count > most else { continue }
            throw ControlError(
                .invalid,
                "A \(what) of \(count) is outside the limits: \(limits). A person's word narrows them; the workspace widens them."
            )
        }
        if let min, let max, min > max {
            throw ControlError(.invalid, "The minimum \(min) is above the maximum \(max).")
        }
    }
}
