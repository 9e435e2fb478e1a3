package import Control
package import Domain
package import KPIStore
package import Logging
package import StateStore

/// What a server stands on.
package struct ServerParts: Sendable {
    package var control: any ControlPlane
    package var kpis: KPIStore
    package var tokens: any TokenStoring
    package var audit: any AuditStoring
    /// Told of every reading that was stored, rollups first.
    package var arrivals: any ArrivalSink
    /// What other rooms want shown on `/metrics`: workers, models, …
    package var health: @Sendable () async -> [HealthGauge]
    package var now: @Sendable () -> Timestamp
    /// For waits.
    package var clock: any Clock<Duration>
    package var logger: Logger

    package init(
        control: any ControlPlane,
        kpis: KPIStore,
        tokens: any TokenStoring,
        audit: any AuditStoring,
        arrivals: any ArrivalSink,
        health: @escaping @Sendable () async -> [HealthGauge] = { [] },
        now: @escaping @Sendable () -> Timestamp,
        clock: any Clock<Duration> = ContinuousClock(),
        logger: Logger
    ) {
        self.control = control
        self.kpis = kpis
        self.tokens = tokens
        self.audit = audit
        self.arrivals = arrivals
        self.health = health
        self.now = now
        self.clock = clock
        self.logger = logger
    }
}
