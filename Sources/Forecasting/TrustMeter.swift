/// How far forecasts may be relied on, from what they said and what came: error against the seasonal naive, coverage, bias.
///
/// Rolling averages over some hundreds of values, at the lead time, of the forecasts that were really given.
struct TrustMeter: Sendable, Hashable {
    private var loss = 0.0
    private var naiveLoss = 0.0
    private var covered = ResidualTrack.judged.1
    private var bias = 0.0
    private var spread = 0.0
    private var seen = 0

    static let memory = 500.0

    /// Takes a value, what was forecast for it, and what the seasonal naive's quantiles would have been.
    ///
    /// All square-rooted.
    mutating func update(
        _ x: Double,
        forecast: (middle: Double, upper: Double),
        naive: (middle: Double, upper: Double)
    ) {
        seen += 1
        let rate = max(1 / Double(seen), 1 / TrustMeter.memory)
        let (middle, upper) = ResidualTrack.judged
        let own = ResidualTrack.pinball(x, forecast.upper, upper) + ResidualTrack.pinball(x, forecast.middle, middle)
        let reference = ResidualTrack.pinball(x, naive.upper, upper) + ResidualTrack.pinball(x, naive.middle, middle)
        loss += rate * (own - loss)
        naiveLoss += rate * (reference - naiveLoss)
        covered += 1 / min(TrustMeter.memory, Double(seen + 20)) * ((x <= forecast.upper ? 1 : 0) - covered)
        bias += rate * (x - forecast.middle - bias)
        spread += rate * ((x - forecast.middle).magnitude - spread)
    }

    /// 0…1; 0 before anything was compared.
    ///
    /// As good as the seasonal naive is 0.6, half as good again as bad 0.3, twice as bad 0; coverage below what was promised and a
    /// median that leans to one side take from it; with fewer than some dozen comparisons it is held down.
    var trust: Double {
        guard seen > 0 else { return 0 }
        // Where the naive never errs, the forecast is either as faultless or beyond comparison.
        let ratio = naiveLoss > 0 ? min(2, loss / naiveLoss) : loss > 0 ? 2 : 0
        let skill = ratio <= 1 ? 1 - 0.4 * ratio : 0.6 * (2 - ratio)
        let missing = max(0, ResidualTrack.judged.1 - covered - 0.02)
        let coverage = max(0, 1 - 3 * missing)
        let leaning = spread > 0 ? max(0, bias.magnitude / spread - 0.4) : 0
        let evidence = min(1, Double(seen) / 24)
        return min(1, max(0, skill * coverage * (1 - 0.5 * leaning) * evidence))
    }
}
