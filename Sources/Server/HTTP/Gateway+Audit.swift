import Logging
import StateStore

extension Gateway {
    /// Stores who is about to change what. Where that cannot be stored, the change is not made.
    func begin(_ action: String, _ call: Call) async throws -> Int64 {
        let entry = AuditEntry(
            at: call.now,
            actor: call.caller.name,
            token: call.caller.token,
            action: action,
            subject: call.parameters.joined(separator: " "),
            detail: "",
            request: call.id,
            client: call.client
        )
        let audit = audit
        return try await blocking.run { try audit.begin(entry) }
    }

    func end(_ entry: Int64, _ action: String, _ outcome: String, _ call: Call) async {
        call.logger.info(
            "change",
            metadata: [
                "actor": "\(call.caller.name)", "action": "\(action)",
                "subject": "\(call.parameters.joined(separator: " "))", "outcome": "\(outcome)",
            ]
        )
        let audit = audit
        let detail = call.notes.detail
        do {
            try await blocking.run { try audit.finishAudit(entry, outcome: outcome, detail: detail) }
        } catch {
            // The change is made or refused by now, and the entry is there: it stays `pending`, which says no more than is known.
            metrics.countStoreError(store: "state", code: (error as? StateStoreError)?.code.rawValue ?? "stopped")
            call.logger.error("an audit entry was not finished", metadata: ["entry": "\(entry)", "error": "\(error)"])
        }
    }
}
