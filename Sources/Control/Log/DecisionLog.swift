package import Domain
import Foundation
package import StateStore

/// The log of decisions that proves itself: sealed each minute, verified on request, forgotten from its beginning only.
///
/// Calls block: make them off the cooperative pool.
package struct DecisionLog: Sendable {
    let store: any DecisionLogStoring
    let sealing: LogCheckpoint

    package init(_ store: any DecisionLogStoring, key: LogKey) {
        self.store = store
        sealing = LogCheckpoint(key: key)
    }

    /// Seals where all fleets stand; nothing where that is where they stood.
    package func seal(at now: Timestamp) throws {
        let heads = try store.logHeads()
        guard !heads.isEmpty else { return }
        let checkpoint = try sealing.make(of: heads, at: now, after: try store.lastCheckpoint())
        if try store.lastCheckpoint()?.headsDigest == checkpoint.headsDigest { return }
        try store.add(checkpoint)
    }

    /// Forgets what the last checkpoint before `horizon` whose heads were kept has sealed; answers how many decisions went.
    @discardableResult
    package func prune(before horizon: Timestamp) throws -> Int {
        let start = try store.checkpoints().last { $0.at <= horizon && $0.heads != nil && sealing.isSound($0) }
        guard let start, let heads = sealing.heads(of: start) else { return 0 }
        return try store.pruneLog(to: start.id, heads: heads, base: sealing.base(of: start))
    }
}

/// What verifying the log found.
package struct LogReport: Sendable, Equatable, Codable {
    package struct Fault: Sendable, Equatable, Codable {
        /// Nil where it is about all fleets.
        package var fleet: String?
        /// The decision or checkpoint that shows it.
        package var at: Timestamp?
        /// A sentence that names fleet and time.
        package var message: String
    }

    package var fleets = 0
    package var decisions = 0
    package var checkpoints = 0
    /// Nobody without the key has changed anything up to here; nil where nothing was sealed.
    package var sealedThrough: Timestamp?
    /// Linked, and not sealed yet.
    package var unsealed = 0
    /// The first hundred.
    package var faults: [Fault] = []

    package var isSound: Bool { faults.isEmpty }

    package init() {}

    mutating func note(_ fleet: String?, _ at: Timestamp?, _ message: String) {
        guard faults.count < 100 else { return }
        faults.append(Fault(fleet: fleet, at: at, message: message))
    }
}
