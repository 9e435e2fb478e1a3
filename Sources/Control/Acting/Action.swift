import Domain
import Foundation
import StateStore

/// An action of the journal: its state and what moves it. It does nothing by itself; who carries it out tells it what happened.
///
///     awaiting ──approved──▶ planned ──prechecked──▶ prechecked ──answered──▶ applied ──seen──▶ verified
///        │                      │                     │      ╲                   │
///        │ rejected, too late   │ objection           │       ╲ seen             │ not seen in time
///        ▼                      ▼                     ▼        ▶ verified        ▼
///     rejected, withdrawn     failed ◀──────── refused, given up ◀───────────────╯
///                               ╰──looked──▶ compensated
///
/// A call that ended no one knows how leaves it `prechecked`: it is looked for, and where it cannot be seen the call is made again
/// with the same key. Until it is over it counts as if it had been done, so that nothing is asked for twice.
struct Action: Hashable, Sendable {
    private(set) var stored: StoredAction
    let body: ActionBody
    private(set) var progress: ActionProgress

    /// Unknown ends in a row after which it is given up.
    static let mostAttempts = 5
    /// A plan that is older than this is not begun, and not tried again: the fleet is another one by now.
    static let life = TimeSpan.minutes(10)
    /// How long what a driver said may take to be seen.
    static let patience = TimeSpan.minutes(1)

    var key: String { stored.key }
    var state: StoredAction.State { stored.state }
    var decided: Timestamp { stored.decided }
    /// It may be called now.
    var isDue: Bool { state == .planned || state == .prechecked }

    enum Event: Sendable {
        /// Nothing speaks against it, and its driver is called next.
        case prechecked
        /// It must not be done (any more).
        case objection(String)
        /// The driver did it, as far as it says.
        case answered(ids: [String], refused: Int, reason: String?)
        /// The driver did not do it, or nobody knows; final where it is certain that nothing was done.
        case callFailed(String, isFinal: Bool)
        /// The fleet was looked at.
        case looked(FleetSight)
        /// It awaits a person's word for a plan that nobody has any more.
        case withdrawn(String)
    }

    init(_ body: ActionBody, key: String, fleet: String, decided: Timestamp, expires: Timestamp? = nil) {
        self.body = body
        progress = ActionProgress()
        let kind: StoredAction.Kind =
            switch body {
            case .start: .start
            case .retire: .retire
            case .assign: .assign
            case .configure: .configure
            }
        stored = StoredAction(
            key: key,
            fleet: fleet,
            decided: decided,
            kind: kind,
            state: expires == nil ? .planned : .awaiting,
            summary: body.summary,
            body: Self.encoded(body),
            changed: decided,
            expires: expires
        )
    }

    /// When the action was decided that a driver call's key belongs to: `shop/1772452800000/start/0/web`. Nil for keys of others.
    static func decided(byKey key: String) -> Timestamp? {
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[2] == "start" else { return nil }
        // Drivers report keys; nothing of ours was decided before 1970 or after 9999.
        guard let milliseconds = Int64(parts[1]), (0...253_402_300_799_999).contains(milliseconds) else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    /// Nil for one whose content cannot be read.
    init?(_ stored: StoredAction) {
        guard let body = try? JSONDecoder().decode(ActionBody.self, from: stored.body) else { return nil }
        self.stored = stored
        self.body = body
        progress = (try? JSONDecoder().decode(ActionProgress.self, from: stored.progress)) ?? ActionProgress()
    }

    /// Takes what happened; what cannot happen in its state leaves it as it is.
    mutating func take(_ event: Event, at now: Timestamp) {
        switch (state, event) {
        case (.planned, .prechecked): move(to: .prechecked, at: now)
        case (.planned, .objection(let why)), (.prechecked, .objection(let why)):
            move(to: .failed, at: now, why)
        case (.prechecked, .answered(let ids, let refused, let reason)):
            progress.attempts += 1
            (progress.ids, progress.unseen, progress.refused) = (ids, ids, refused)
            let shortfall = refused > 0 ? "\(refused) could not be had" + (reason.map { ": \($0)" } ?? "") : ""
            move(to: .applied, at: now, shortfall)
            if case .assign = body { move(to: .verified, at: now, shortfall) }
        case (.prechecked, .callFailed(let why, let isFinal)):
            progress.attempts += 1
            if isFinal {
                move(to: .failed, at: now, why)
            } else if progress.attempts >= Self.mostAttempts {
                move(to: .failed, at: now, "given up after \(progress.attempts) attempts: \(why)")
            } else {
                stored.note = why
                stored.progress = Self.encoded(progress)
            }
        case (.awaiting, .withdrawn(let why)): move(to: .withdrawn, at: now, why)
        case (.awaiting, .looked):
            if let expires = stored.expires, expires <= now {
                move(to: .withdrawn, at: now, "nobody approved it until \(expires)")
            }
        case (_, .looked(let sight)): look(sight, at: now)
        default: break
        }
    }

    // MARK: What is seen

    private mutating func look(_ sight: FleetSight, at now: Timestamp) {
        switch state {
        case .planned, .prechecked:
            if let done = sight.done(self) {
                progress.ids = done
                progress.unseen = []
                move(to: .verified, at: now, stored.note)
            } else if now - stored.changed > Self.life {
                move(to: .failed, at: now, "it is too old to be done: the fleet is decided anew")
            } else if case .configure = body {
                move(to: .failed, at: now, "it was cut off: what a resource should be is worked out anew")
            }
        case .applied:
            let unseen = sight.unseen(self)
            if unseen != progress.unseen {
                progress.unseen = unseen
                stored.progress = Self.encoded(progress)
            }
            if unseen.isEmpty {
                move(to: .verified, at: now, stored.note)
            } else if now - stored.changed >= Self.patience {
                let why =
                    "\(unseen.count) of \(progress.ids.count) cannot be seen to be so: \(unseen.prefix(3).joined(separator: ", "))"
                move(to: unseen.count < progress.ids.count ? .verified : .failed, at: now, why)
            }
        case .failed:
            // What it left stands in the fleet and is decided on as all else there.
            let left = sight.left(by: self)
            move(to: .compensated, at: now, stored.note + (left == 0 ? "" : "; \(left) of it are there and count"))
        case .awaiting, .verified, .compensated, .rejected, .withdrawn: break
        }
    }

    private mutating func move(to state: StoredAction.State, at now: Timestamp, _ note: String = "") {
        stored.state = state
        stored.changed = now
        stored.note = note
        stored.progress = Self.encoded(progress)
    }

    private static func encoded(_ value: some Encodable) -> Data {
        // Encoding strings and numbers does not fail.
        (try? JSONEncoder().encode(value)) ?? Data()
    }
}
