import Control
import Decision
import Domain
import StateStore
import Synchronization

extension FakeControlPlane {
    func fleets() async -> [FleetStatus] { ["batch", "storefront"].map(status) }

    func fleet(named name: String) async throws(ControlError) -> FleetStatus {
        try check()
        guard name == "batch" || name == "storefront" else {
            throw ControlError(.notFound, "There is no fleet \"\(name)\".")
        }
        return status(name)
    }

    private func status(_ name: String) -> FleetStatus {
        FleetStatus(
            name: name,
            driver: "simulated",
            mode: .advise,
            personas: ["low-latency"],
            policies: ["latency-guard"],
            ready: 4,
            starting: 1,
            draining: 0,
            target: 5,
            demand: name == "batch" ? nil : 200,
            demandStatus: name == "batch" ? "missing" : "ok",
            demandUnit: "requests/s",
            forecast: FleetStatus.ForecastStatus(
                model: "ridge",
                trust: 0.8,
                quantile: 0.95,
                ahead: 260,
                median: 210,
                leadTime: .seconds(105)
            ),
            lastDecision: nil,
            driverHealth: state.withLock { $0.drivers[name] }
                ?? DriverStatus(driver: "simulated", lastLook: Self.start),
            notes: []
        )
    }

    func decisions(
        of fleet: String,
        from: Timestamp?,
        to: Timestamp?,
        limit: Int
    ) async throws(ControlError) -> [StoredDecision] {
        _ = try await self.fleet(named: fleet)
        return state.withLock { state in
            state.decisions
                .filter { decision in
                    decision.fleet == fleet && (from.map { decision.at >= $0 } ?? true)
                        && (to.map { decision.at < $0 } ?? true)
                }
                .suffix(limit)
        }
    }

    func decisionRecord(of fleet: String, at time: Timestamp?) async throws(ControlError) -> DecisionRecord {
        _ = try await self.fleet(named: fleet)
        let found = state.withLock { state in
            state.records.last { record in
                record.decision.fleet == fleet && (time.map { record.decision.at <= $0 } ?? true)
            }
        }
        guard let found else { throw ControlError(.notFound, "Fleet \(fleet) has no decision with a trace by then.") }
        return found
    }
}
