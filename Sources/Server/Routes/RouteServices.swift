import Control
import Domain
import KPIStore
import Logging
import StateStore

/// What handlers work with.
struct RouteServices: Sendable {
    let control: any ControlPlane
    let kpis: KPIStore
    let audit: any AuditStoring
    let receiver: WriteReceiver
    let blocking: BlockingWork
    let metrics: ServerMetrics
    let health: @Sendable () async -> [HealthGauge]
    let now: @Sendable () -> Timestamp
    let clock: any Clock<Duration>
    let logger: Logger
}
