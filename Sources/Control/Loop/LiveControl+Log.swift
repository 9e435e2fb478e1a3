import Domain
package import StateStore

extension LiveControl {
    package func verifyLog() async throws(ControlError) -> LogReport {
        guard let key = parts.logKey else {
            throw ControlError(.unavailable, "The log of decisions is not sealed here: there is no key.")
        }
        let log = DecisionLog(parts.store, key: key)
        let report: Result<LogReport, ControlError> = await services.threads.run {
            do {
                return .success(try log.verify())
            } catch {
                return .failure(ControlError(.unavailable, "The log cannot be read: \(error)"))
            }
        }
        return try report.get()
    }

    package func log(of fleet: String, after number: Int64, limit: Int) async throws(ControlError) -> [StoredDecision] {
        try await asking { store throws(StateStoreError) in
            try store.linkedDecisions(of: fleet, after: number, limit: limit)
        }
    }
}
