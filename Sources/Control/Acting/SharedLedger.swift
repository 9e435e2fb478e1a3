import Decision
import Domain
import Synchronization

/// What the fleets of a Troupe take together, against what they may.
///
/// A decision is made while the ledger is held, and what it starts is written before the next fleet is decided: two fleets never spend
/// the same. What a fleet has is known when it is first decided; until then counts what it had asked for when it was last seen.
final class SharedLedger: Sendable {
    /// In millionths, so that sums are exact and do not depend on their order.
    private struct Share {
        var cost: Int64 = 0
        var starts = 0
    }

    private struct State {
        var shares: [String: Share] = [:]
        var total = Share()

        mutating func set(_ share: Share?, of fleet: String) {
            let before = shares[fleet] ?? Share()
            total.cost += (share?.cost ?? 0) - before.cost
            total.starts += (share?.starts ?? 0) - before.starts
            shares[fleet] = share
        }
    }

    private let cost: Double?
    private let starts: Int?
    private let state = Mutex(State())

    init(costPerHour: Double?, starts: Int?) {
        cost = costPerHour
        self.starts = starts
    }

    private var isUnbounded: Bool { cost == nil && starts == nil }

    /// What a fleet had, as far as that is known before it is looked at.
    func expect(_ fleet: String, cost: Double) {
        state.withLock { if $0.shares[fleet] == nil { $0.set(Share(cost: Self.millionths(cost)), of: fleet) } }
    }

    func forget(_ fleets: [String]) {
        state.withLock { state in
            for fleet in fleets { state.set(nil, of: fleet) }
        }
    }

    func decide(_ input: DecisionInput) -> DecisionRecord {
        guard !isUnbounded else { return DecisionRecord(deciding: input) }
        return state.withLock { state in
            let fleet = input.observation.fleet
            var own = Share()
            for group in input.observation.resources where group.state == .starting || group.state == .ready {
                own.cost += Self.millionths(Double(group.count) * Self.price(of: group.persona, input.rules))
                if group.state == .starting { own.starts += group.count }
            }
            state.set(own, of: fleet)
            var input = input
            input.rules.shared = SharedBudget(
                costPerHour: cost,
                costLeft: cost.map { $0 - Double(state.total.cost) / 1e6 },
                starts: starts,
                startsLeft: starts.map { $0 - state.total.starts }
            )
            let record = DecisionRecord(deciding: input)
            let outcome = record.decision.outcome
            if outcome != .advise, outcome != .await {
                for part in record.decision.plan.start {
                    own.cost += Self.millionths(Double(part.count) * Self.price(of: part.persona, input.rules))
                    own.starts += part.count
                }
                state.set(own, of: fleet)
            }
            return record
        }
    }

    /// Why so much more may not be had; nil where it may, and then it is taken.
    func take(_ fleet: String, cost more: Double, starts count: Int) -> String? {
        guard !isUnbounded else { return nil }
        return state.withLock { state in
            let (allCost, allStarts) = (Double(state.total.cost) / 1e6, state.total.starts)
            if let cost, allCost + more > cost + 1e-6 {
                let (most, now) = (NumberText.amount(cost), NumberText.amount(allCost))
                return "all fleets together may cost \(most)/h, and cost \(now)/h"
            }
            if let starts, allStarts + count > starts {
                return "at most \(starts) resources of all fleets may be starting at once, and \(allStarts) are"
            }
            var own = state.shares[fleet] ?? Share()
            own.cost += Self.millionths(more)
            own.starts += count
            state.set(own, of: fleet)
            return nil
        }
    }

    private static func millionths(_ amount: Double) -> Int64 {
        amount.isFinite ? Int64(min(max(0, amount * 1e6), 1e14).rounded(.up)) : 0
    }

    private static func price(of persona: String, _ rules: FleetRules) -> Double {
        let price = (rules.personas.first { $0.name == persona } ?? rules.personas.first)?.cost.perHour ?? 0
        return price.isFinite ? max(0, price) : 0
    }
}
