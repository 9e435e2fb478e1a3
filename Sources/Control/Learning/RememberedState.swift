package import Foundation
package import ScriptProtocol

extension ScriptValue {
    /// What a policy wants to remember, as bytes: a frame, as it goes to a worker, for it is bounded, exact and checked when it is read.
    ///
    /// Nil for a state that is larger than a policy may have.
    package var remembered: Data? {
        guard let frame = try? Frame.hostAnswer(.value(self)).encoded(limits: .toWorker) else { return nil }
        let payload = frame.dropFirst(Frame.headerBytes)
        return payload.count <= 16 << 10 ? Data(payload) : nil
    }

    /// Nil for what is no such state; the policy then begins anew, as it does on its first run.
    package init?(remembered data: Data) {
        guard case .hostAnswer(.value(let value))? = try? Frame(payload: Array(data), limits: .toWorker) else {
            return nil
        }
        self = value
    }
}
