package import ScriptProtocol
import Synchronization

/// Lets the host calls of a driver fail, one by one: before they are made, or after, so that what they did is done and nobody is told.
package final class FaultPlan: HostFaults {
    package enum Moment: Hashable, Sendable {
        case before
        case after
    }

    fileprivate struct State {
        /// Calls seen since the last plan.
        var seen = 0
        /// Which call fails, counted from 0; that one and all after it where `stays`.
        var index: Int?
        var moment = Moment.before
        var stays = false
    }

    private let state = Mutex(State())

    package init() {}

    /// From now on the call `index` fails, and so do those after it where the fault `stays`.
    package func plan(_ index: Int, _ moment: Moment, stays: Bool) {
        state.withLock { $0 = State(index: index, moment: moment, stays: stays) }
    }

    /// Nothing fails any more.
    ///
    /// - Returns: how many calls there were since the last plan.
    @discardableResult
    package func clear() -> Int {
        state.withLock { state in
            defer { state = State() }
            return state.seen
        }
    }

    package func before(_ call: HostCall) async -> String? {
        state.withLock { state in
            defer { if state.moment == .before { state.seen += 1 } }
            return state.moment == .before && state.fails ? "no answer (the suite lets it fail)" : nil
        }
    }

    package func after(_ call: HostCall) async -> String? {
        state.withLock { state in
            defer { if state.moment == .after { state.seen += 1 } }
            return state.moment == .after && state.fails ? "the answer was lost (the suite lets it fail)" : nil
        }
    }
}

extension FaultPlan.State {
    fileprivate var fails: Bool {
        guard let index else { return false }
        return seen == index || (stays && seen > index)
    }
}
