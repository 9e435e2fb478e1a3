import Domain
import Synchronization

/// Slows down who guesses tokens: failures per token id and address, so that a holder of another token at the same address never pays
/// for it.
///
/// Each key has an allowance of failures that grows back by one in `refill`. The table is bounded: where it is full, the key that failed
/// longest ago is forgotten.
final class AttemptLimiter: Sendable {
    private struct Account {
        var failures: Int
        var at: Timestamp
    }

    private let accounts = Mutex<[String: Account]>([:])
    private let allowance: Int
    private let refill: TimeSpan
    private let capacity: Int

    init(allowance: Int = 10, refill: TimeSpan = .seconds(2), capacity: Int = 4096) {
        self.allowance = allowance
        self.refill = refill
        self.capacity = capacity
    }

    /// How long the key has to wait, nil where it may try.
    func delay(of key: String, at now: Timestamp) -> TimeSpan? {
        accounts.withLock { accounts in
            guard let account = accounts[key] else { return nil }
            let failures = remaining(account, at: now)
            guard failures >= allowance else { return nil }
            return TimeSpan(milliseconds: Int64(failures - allowance + 1) * refill.milliseconds)
        }
    }

    func noteFailure(of key: String, at now: Timestamp) {
        accounts.withLock { accounts in
            let failures = accounts[key].map { remaining($0, at: now) } ?? 0
            if accounts[key] == nil, accounts.count >= capacity,
                let oldest = accounts.min(by: { ($0.value.at, $0.key) < ($1.value.at, $1.key) })
            {
                accounts[oldest.key] = nil
            }
            accounts[key] = Account(failures: failures + 1, at: now)
        }
    }

    private func remaining(_ account: Account, at now: Timestamp) -> Int {
        let grown = max(0, (now - account.at).milliseconds) / refill.milliseconds
        return max(0, account.failures - Int(clamping: grown))
    }
}
