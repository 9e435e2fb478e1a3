package import Decision
package import Domain
package import Foundation
package import StateStore

extension LiveControl {
    package func fleets() async -> [FleetStatus] {
        let now = parts.clock.now
        return lanes.map { lane in
            lane.view.status(
                driver: driver(of: lane, at: now),
                silentFor: lane.driverSilence(at: now),
                overrides: services.overrides.holding(for: lane.name, at: now)
            )
        }
    }

    package func fleet(named name: String) async throws(ControlError) -> FleetStatus {
        let lane = try lane(name)
        let now = parts.clock.now
        return lane.view.status(
            driver: driver(of: lane, at: now),
            silentFor: lane.driverSilence(at: now),
            overrides: services.overrides.holding(for: name, at: now)
        )
    }

    package func decisions(
        of fleet: String,
        from: Timestamp?,
        to: Timestamp?,
        limit: Int
    ) async throws(ControlError) -> [StoredDecision] {
        _ = try lane(fleet)
        return try await asking { store throws(StateStoreError) in
            try store.decisions(
                of: fleet,
                from: from ?? Timestamp(milliseconds: .min),
                to: to ?? Timestamp(milliseconds: .max),
                limit: limit,
                latest: true
            )
        }
    }

    package func decisionRecord(of fleet: String, at time: Timestamp?) async throws(ControlError) -> DecisionRecord {
        _ = try lane(fleet)
        let stored = try await asking { store throws(StateStoreError) in
            try store.tracedDecision(of: fleet, at: time ?? Timestamp(milliseconds: .max))
        }
        guard let stored, case .full(let data) = stored.trace else {
            let when = time.map { " at or before \($0)" } ?? ""
            throw ControlError(.notFound, "Fleet \(fleet) has no decision\(when) whose trace was kept.")
        }
        do {
            return try DecisionRecord.reading(data)
        } catch {
            throw ControlError(
                .unavailable,
                "The trace of fleet \(fleet) at \(stored.at) cannot be read (\(error)). An earlier decision may be whole."
            )
        }
    }

    /// Asks the store, off the tasks' own threads.
    func asking<Answer: Sendable>(
        _ body: @escaping @Sendable (any StateStoring & WorkspaceStoring) throws(StateStoreError) -> Answer
    ) async throws(ControlError) -> Answer {
        let store = parts.store
        do throws(StateStoreError) {
            return try await services.threads.run { () throws(StateStoreError) in try body(store) }
        } catch {
            throw ControlError(error)
        }
    }
}

extension DecisionRecord {
    /// Reads what the loop stored.
    package static func reading(_ data: Data) throws -> DecisionRecord {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        return try decoder.decode(DecisionRecord.self, from: data)
    }
}
