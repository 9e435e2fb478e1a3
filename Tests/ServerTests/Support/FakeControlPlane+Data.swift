import Control
import Domain
import Synchronization

extension FakeControlPlane {
    func collectionPlan(for resource: String) async -> CollectionRequest? {
        state.withLock { state in
            guard let status = state.resources.first(where: { $0.resource.id == resource }) else { return nil }
            return CollectionRequest(
                resource: resource,
                fleet: status.fleet,
                persona: status.resource.persona,
                interval: state.interval,
                kpis: [
                    .init(name: "cpu_utilization", mapping: nil),
                    .init(
                        name: "error_rate",
                        mapping: KPIMapping(
                            kpi: "error_rate",
                            metric: "http_requests_total",
                            match: [Setting(name: "code", value: "500")],
                            rate: true
                        )
                    ),
                    .init(
                        name: "request_latency_p99_ms",
                        mapping: KPIMapping(
                            kpi: "request_latency_p99_ms",
                            metric: "http_request_duration_seconds",
                            match: [Setting(name: "job", value: "shop")],
                            quantile: 0.99
                        )
                    ),
                    .init(
                        name: "request_rate",
                        mapping: KPIMapping(kpi: "request_rate", metric: "http_requests_total", rate: true)
                    ),
                    .init(name: "queue_length", mapping: nil),
                    .init(
                        name: "retry_share",
                        mapping: KPIMapping(kpi: "retry_share", metric: "retries_total", per: "http_requests_total")
                    ),
                ]
            )
        }
    }

    func noteArrival(fleets: Set<String>, at time: Timestamp) {
        state.withLock { $0.arrivals.append(fleets) }
    }

    func kpiSources() async -> KPISources { state.withLock { $0.sources } }

    func gauges() async -> [FleetGauges] {
        [
            FleetGauges(
                fleet: "batch",
                mode: .observe,
                demand: nil,
                forecast: [],
                need: nil,
                target: nil,
                ready: 0,
                starting: 0,
                capacity: 0,
                trust: nil
            ),
            FleetGauges(
                fleet: "storefront",
                mode: .advise,
                demand: 200,
                forecast: [.init(quantile: 0.5, demand: 210), .init(quantile: 0.95, demand: 260)],
                need: 5,
                target: 5,
                ready: 4,
                starting: 1,
                capacity: 480,
                trust: 0.8
            ),
        ]
    }
}
