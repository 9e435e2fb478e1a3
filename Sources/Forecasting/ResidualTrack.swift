import Kernels

/// Conformal quantiles of one model's errors, one track per step ahead, adapting with every value that arrives.
///
/// An error is divided by the scale that was expected of it when the forecast was made; the quantiles are those of the last
/// scaled errors, all of them out of sample (split conformal prediction over a sliding window). The expected scale is the errors'
/// slow average, bent by what is seen now: their fast average, their average at this time of day, the jump just made. How far
/// each bends it is learned online, by gradient steps on the Laplace likelihood `log s + |e| / s`.
struct ResidualTrack: Sendable, Hashable {
    let horizon: Int
    let window: Int
    let buckets: Int
    private let day: Int

    // Per horizon × window.
    private var ring: [Float]
    private var sorted: [Float]
    private var filled: [Int32]
    private var head: [Int32]
    // Per horizon.
    private var slow: [Double]
    private var fast: [Double]
    private var seen: [Int]
    /// Average pinball loss in demand units at the judging levels.
    private(set) var loss: [Double]
    // Per horizon × signals.
    private var bends: [Double]
    /// Average error per time of day, horizon × buckets; below 0 where none is known.
    private var profile: [Float]
    /// Forecasts that wait for their value: horizon × (horizon + 1) × `Pending.size`.
    private var pending: [Float]

    private static let signals = 5
    /// A waiting forecast: location, scale (0 = none), lower and upper judging quantile, signals.
    private static let pendingSize = 4 + signals
    /// Levels that models are compared at: the middle, and where costs usually ask.
    static let judged = (0.5, 0.95)
    /// An error counts at most so many usual ones.
    private static let outlier = 20.0

    init(horizon: Int, window: Int, day: Int) {
        self.horizon = horizon
        self.window = window
        self.day = day
        buckets = min(max(day, 1), 96)
        ring = Array(repeating: 0, count: horizon * window)
        sorted = ring
        filled = Array(repeating: 0, count: horizon)
        head = filled
        slow = Array(repeating: 0, count: horizon)
        fast = slow
        loss = slow
        seen = Array(repeating: 0, count: horizon)
        bends = Array(repeating: 0, count: horizon * ResidualTrack.signals)
        profile = Array(repeating: -1, count: horizon * buckets)
        pending = Array(repeating: 0, count: horizon * (horizon + 1) * ResidualTrack.pendingSize)
    }

    /// Errors seen so far `ahead` steps on.
    func count(ahead: Int) -> Int { seen[ahead - 1] }

    private func pendingStart(_ ahead: Int, _ origin: Int) -> Int {
        ((ahead - 1) * (horizon + 1) + origin % (horizon + 1)) * ResidualTrack.pendingSize
    }

    private func bucket(_ position: Int) -> Int { position % day * buckets / day }

    /// Notes what was forecast for `origin + ahead`, and the scale that its error is expected to have.
    mutating func expect(_ location: Double, ahead: Int, origin: Int, state: SeriesState) {
        let k = ahead - 1
        let least = 1e-6 * state.level.magnitude + 1e-9
        let usual = max(slow[k], least)
        let start = pendingStart(ahead, origin)
        let atThisTime = Double(profile[k * buckets + bucket(origin + ahead)])
        let signal0 = 1.0
        let signal1 = Elementary.log(max(fast[k], 0.02 * usual) / usual)
        let signal2 = atThisTime >= 0 ? Elementary.log(max(atThisTime, 0.05 * usual) / usual) : 0
        let signal3 = min(max((state.last - state.level) / (10 * usual), -1), 1)
        let signal4 = 0.25 * min((state.last - state.previous).magnitude / usual - 1, 4)
        let b = k * ResidualTrack.signals
        let bend =
            bends[b] * signal0 + bends[b + 1] * signal1 + bends[b + 2] * signal2 + bends[b + 3] * signal3
            + bends[b + 4] * signal4
        // With no error seen yet, a tenth of the (square-rooted) level is as good a guess as any. Never far below what errors
        // are just now: a quiet series that wakes up would else be thought calm for as long as the slow average remembers.
        let expected =
            seen[k] == 0
            ? 0.1 * location.magnitude + least
            : max(usual * Elementary.exp(min(max(bend, -3), 3)), 0.3 * fast[k], least)
        pending[start] = Float(location)
        pending[start + 1] = Float(expected)
        pending[start + 2] = Float(location + expected * scaled(ResidualTrack.judged.0, ahead: ahead))
        pending[start + 3] = Float(location + expected * scaled(ResidualTrack.judged.1, ahead: ahead))
        pending[start + 4] = Float(signal0)
        pending[start + 5] = Float(signal1)
        pending[start + 6] = Float(signal2)
        pending[start + 7] = Float(signal3)
        pending[start + 8] = Float(signal4)
    }

    /// Location and scale that were expected for `origin + ahead`; nil where nothing was.
    func expectation(ahead: Int, origin: Int) -> (location: Double, scale: Double)? {
        let start = pendingStart(ahead, origin)
        guard pending[start + 1] > 0 else { return nil }
        return (Double(pending[start]), Double(pending[start + 1]))
    }

    /// The judging quantiles that were expected for `origin + ahead`.
    func expectedQuantiles(ahead: Int, origin: Int) -> (middle: Double, upper: Double) {
        let start = pendingStart(ahead, origin)
        return (Double(pending[start + 2]), Double(pending[start + 3]))
    }

    /// Quantile `level` of the scaled error `ahead` steps on.
    ///
    /// O(1).
    func scaled(_ level: Double, ahead: Int) -> Double {
        let k = ahead - 1
        let n = Int(filled[k])
        let own = sorted.withUnsafeBufferPointer {
            SortedWindow.conformalQuantile(
                UnsafeBufferPointer(rebasing: $0[(k * window)..<((k + 1) * window)]),
                count: n,
                level
            )
        }
        guard n < 30 else { return own }
        // Logistic, of unit mean deviation: stands in until there are errors to go by.
        let prior = Elementary.log(level / (1 - level)) / (2 * Elementary.log(2))
        return n == 0 ? prior : prior + Double(n) / 30 * (own - prior)
    }

    /// Learns from the value that has arrived at `position`, transformed, about what was forecast for it `ahead` steps before.
    mutating func settle(_ x: Double, ahead: Int, position: Int, level: Double) {
        let origin = position - ahead
        guard origin >= 0 else { return }
        let start = pendingStart(ahead, origin)
        let expected = Double(pending[start + 1])
        guard expected > 0 else { return }
        let k = ahead - 1
        let error = x - Double(pending[start])
        let size = error.magnitude
        let z = min(max(error / expected, -ResidualTrack.outlier), ResidualTrack.outlier)
        let low = k * window
        ring.withUnsafeMutableBufferPointer { ring in
            sorted.withUnsafeMutableBufferPointer { sorted in
                SortedWindow.push(
                    Float(z),
                    ring: UnsafeMutableBufferPointer(rebasing: ring[low..<(low + window)]),
                    sorted: UnsafeMutableBufferPointer(rebasing: sorted[low..<(low + window)]),
                    count: &filled[k],
                    head: &head[k]
                )
            }
        }
        seen[k] += 1
        let n = seen[k]
        let rate = 1 / Double(n)
        let cap = ResidualTrack.outlier * max(slow[k], fast[k], 0.02 * level.magnitude)
        let counted = n > 50 && cap > 0 ? min(size, cap) : size
        slow[k] += max(rate, 1 / Double(min(2 * max(day, 32), 1000))) * (counted - slow[k])
        fast[k] += max(rate, 0.1) * (counted - fast[k])
        let slot = k * buckets + bucket(position)
        let pace = min(0.3, 0.3 * Double(buckets) / Double(day))
        let before = Double(profile[slot])
        profile[slot] = Float(before < 0 ? counted : before + pace * (counted - before))
        if n > 30 {
            let step = max(0.003, 1 / Double(n + 50)) * (1 - min(size / expected, 6))
            let b = k * ResidualTrack.signals
            for i in 0..<ResidualTrack.signals { bends[b + i] -= step * Double(pending[start + 4 + i]) }
        }
        let (middle, upper) = ResidualTrack.judged
        let lost =
            ResidualTrack.pinball(x, Double(pending[start + 2]), middle)
            + ResidualTrack.pinball(x, Double(pending[start + 3]), upper)
        loss[k] += max(rate, 1.0 / 500) * (lost - loss[k])
    }

    /// Pinball loss in demand units of a quantile in square-rooted ones.
    static func pinball(_ x: Double, _ quantile: Double, _ level: Double) -> Double {
        let q = max(0, quantile)
        let miss = x * x - q * q
        return miss >= 0 ? level * miss : (level - 1) * miss
    }
}
