package import Domain

/// A number that another room wants shown on `/metrics`: workers alive, models trained, …
package struct HealthGauge: Sendable, Equatable {
    /// As Prometheus takes it: `troupe_workers_alive`.
    package var name: String
    package var help: String
    package var labels: [Setting]
    package var value: Double
    package var isCounter: Bool

    package init(_ name: String, help: String, labels: [Setting] = [], value: Double, isCounter: Bool = false) {
        self.name = name
        self.help = help
        self.labels = labels
        self.value = value
        self.isCounter = isCounter
    }
}
