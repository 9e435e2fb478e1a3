import Domain

extension FakeControlPlane {
    func personas() async -> [Persona] {
        [
            Persona(
                name: "background-task",
                capacity: [KPIAmount(kpi: "request_rate", amount: 40)],
                cost: Cost(perHour: 0.1, shortfall: 2)
            ),
            Persona(
                name: "low-latency",
                allocation: Allocation(cpu: 2, memoryBytes: 4 << 30, bandwidthBitsPerSecond: 1e9),
                capacity: [KPIAmount(kpi: "request_rate", amount: 120)],
                kpis: [
                    KPIRequirement(kpi: "cpu_utilization"),
                    KPIRequirement(
                        kpi: "request_latency_p99_ms",
                        objective: Objective(comparison: .below, value: 250)
                    ),
                ],
                cost: Cost(perHour: 0.34, shortfall: 12),
                templates: [ConfigTemplate(path: "/etc/app/tuning.conf", contents: "workers={{allocation.cpu}}\n")]
            ),
        ]
    }
}
