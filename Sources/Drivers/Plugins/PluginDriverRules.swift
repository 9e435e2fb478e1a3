import Domain
import Scripting

/// How patient Troupe is with a plugin.
package struct PluginDriverRules: Sendable {
    package var describeTime = Duration.seconds(20)
    package var changeTime = Duration.seconds(60)
    package var precheckTime = Duration.seconds(20)
    /// How often a call is made whose failure may pass.
    package var attempts = 3
    package var firstBackoff = Duration.milliseconds(200)
    package var breaker = Breaker.Rules()
    package var liesBeforeQuarantine = 5
    /// In 0…1: spreads those who try again, so that they do not all come at once.
    package var jitter: @Sendable () -> Double = { Double.random(in: 0...1) }
    package var pause: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }

    package init() {}

    func time(for function: PluginFunction) -> Duration {
        switch function {
        case .describe: describeTime
        case .precheck: precheckTime
        case .provision, .retire, .configure, .shadow: changeTime
        }
    }

    /// Doubles; between half and all of it.
    func backoff(after attempt: Int) -> Duration {
        firstBackoff * (1 << min(attempt - 1, 10)) * (0.5 + 0.5 * min(max(jitter(), 0), 1))
    }
}
