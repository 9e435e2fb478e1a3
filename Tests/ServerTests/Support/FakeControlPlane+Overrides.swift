import Control
import Domain
import StateStore
import Synchronization

extension FakeControlPlane {
    func overrides(of fleet: String?) async throws(ControlError) -> [StoredOverride] {
        if let fleet { _ = try await self.fleet(named: fleet) }
        return state.withLock { $0.overrides.filter { fleet == nil || $0.fleet == nil || $0.fleet == fleet } }
    }

    func override(_ request: OverrideRequest, by: String) async throws(ControlError) -> StoredOverride {
        if let fleet = request.fleet { _ = try await self.fleet(named: fleet) }
        var word = OperatorOverride(until: request.duration.map { Self.start + $0 }, by: by, reason: request.reason)
        switch request.change {
        case .pause(let pause): word.pause = pause
        case .scale(let min, let max):
            if min == nil, max == nil { throw ControlError(.invalid, "Say a minimum, a maximum, or both.") }
            (word.min, word.max) = (min, max)
        }
        return state.withLock { [word] state in
            let stored = StoredOverride(
                id: Int64(state.overrides.count + 1),
                fleet: request.fleet,
                from: Self.start,
                word: word
            )
            state.overrides.append(stored)
            return stored
        }
    }

    func resume(fleet: String?, by: String) async throws(ControlError) -> [StoredOverride] {
        if let fleet { _ = try await self.fleet(named: fleet) }
        let ended = state.withLock { state in
            let ended = state.overrides.filter { $0.fleet == fleet }
            state.overrides.removeAll { $0.fleet == fleet }
            return ended
        }
        if ended.isEmpty { throw ControlError(.conflict, "There is nothing to resume.") }
        return ended
    }
}
