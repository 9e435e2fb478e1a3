import Domain
import Foundation
import StateStore

extension StateStore {
    /// Makes a change that someone asked for on this machine, past the API, with an entry of the audit: stored before the change, so
    /// that none is without one.
    func auditing(_ action: String, of subject: String, detail: String, _ change: () throws -> Void) throws {
        let id = try begin(
            AuditEntry(
                at: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)),
                actor: ProcessInfo.processInfo.userName,
                token: nil,
                action: action,
                subject: subject,
                detail: detail,
                request: "",
                client: "this machine"
            )
        )
        do {
            try change()
        } catch {
            try? finishAudit(id, outcome: "refused: \(error)", detail: nil)
            throw error
        }
        do {
            try finishAudit(id, outcome: "done", detail: nil)
        } catch {
            // The change is made, and its entry says no more than is known: pending.
            Output.note("warning: the entry of the audit was not finished (\(error))")
        }
    }
}
