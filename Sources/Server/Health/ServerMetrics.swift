import Synchronization

/// What the server counts of itself, for `/metrics`.
///
/// One lock, taken for the increment of a few numbers.
final class ServerMetrics: Sendable {
    /// Upper bounds of the latency buckets, in seconds.
    static let latencyBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    struct Histogram: Sendable {
        /// Not cumulative; the last one is for what is above all bounds.
        var buckets = [Int](repeating: 0, count: ServerMetrics.latencyBounds.count + 1)
        var sum = 0.0

        mutating func note(_ seconds: Double) {
            let index = ServerMetrics.latencyBounds.firstIndex { seconds <= $0 } ?? ServerMetrics.latencyBounds.count
            buckets[index] += 1
            sum += seconds
        }
    }

    struct Counts: Sendable {
        /// By index in the route table plus one; the first is for requests without a route.
        var requests: [[Int: Int]] = [[:]]
        var latency: [Histogram] = [Histogram()]
        var samples = 0
        var batches = 0
        /// Metadata, exemplars and histograms, which are not kept.
        var ignored = 0
        /// By reason.
        var refusals: [String: Int] = [:]
        var storeErrors: [StoreError: Int] = [:]
    }

    struct StoreError: Hashable, Sendable {
        var store: String
        var code: String
    }

    private let counts = Mutex(Counts())

    var current: Counts { counts.withLock { $0 } }

    func count(route: Int?, status: Int, elapsed: Duration) {
        counts.withLock { counts in
            let index = route.map { $0 + 1 } ?? 0
            while counts.requests.count <= index {
                counts.requests.append([:])
                counts.latency.append(Histogram())
            }
            counts.requests[index][status, default: 0] += 1
            counts.latency[index].note(elapsed.inSeconds)
        }
    }

    func countBatch(samples: Int, ignored: Int) {
        counts.withLock { counts in
            counts.batches += 1
            counts.samples += samples
            counts.ignored += ignored
        }
    }

    func countRefusal(_ reason: String) { counts.withLock { $0.refusals[reason, default: 0] += 1 } }

    func countStoreError(store: String, code: String) {
        counts.withLock { $0.storeErrors[StoreError(store: store, code: code), default: 0] += 1 }
    }
}
