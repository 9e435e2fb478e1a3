import Decision
import Forecasting
import Synchronization

/// What was forecast from one state of a model, made once and reused until a new value comes.
///
/// A forecaster takes a new cache whenever it learns something, so copies of it that go different ways never share one.
final class ForecastCache: Sendable {
    private struct Made {
        var outlook: DemandOutlook?
        var hasOutlook = false
        var longest: DemandForecast?
    }

    private let made = Mutex(Made())

    func outlook(_ make: () -> DemandOutlook?) -> DemandOutlook? {
        let known = made.withLock { $0.hasOutlook ? Optional($0.outlook) : nil }
        if let known { return known }
        let outlook = make()
        made.withLock { made in
            made.outlook = outlook
            made.hasOutlook = true
        }
        return outlook
    }

    /// One that reaches at least `horizon` steps, as far as the model does.
    func forecast(through horizon: Int, _ make: () -> DemandForecast) -> DemandForecast {
        if let known = made.withLock({ $0.longest }), known.horizon >= horizon { return known }
        let forecast = make()
        made.withLock { $0.longest = forecast }
        return forecast
    }
}
