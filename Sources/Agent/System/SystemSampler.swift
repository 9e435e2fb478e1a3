/// Measures what is asked of the machine or the container the agent runs in.
///
/// A KPI whose source is not there has no value: never a zero in its place.
package struct SystemSampler: Sendable {
    private let paths: SystemPaths
    private var cpu = CPUSampler()
    private var disk = DiskSampler()
    private var network = NetworkSampler()
    private var pressure: [SystemKPI: PressureSampler] = [:]

    package init(paths: SystemPaths = SystemPaths()) {
        self.paths = paths
    }

    /// Reads no file that none of `kpis` needs. What is a rate has no value the first time.
    package mutating func sample(_ kpis: Set<SystemKPI>, at now: AgentInstant) -> [SystemKPI: Double] {
        var values: [SystemKPI: Double] = [:]
        if kpis.contains(.cpuUtilization) { values[.cpuUtilization] = cpu.sample(paths, at: now) }
        if kpis.contains(.memoryUtilization) { values[.memoryUtilization] = MemorySampler.sample(paths) }
        if kpis.contains(.diskIOUtilization) { values[.diskIOUtilization] = disk.utilization(paths, at: now) }
        if kpis.contains(.diskUtilization) { values[.diskUtilization] = DiskSampler.fill(paths) }
        if !kpis.isDisjoint(with: [.networkReceiveBytesRate, .networkTransmitBytesRate]),
            let rates = network.sample(paths, at: now)
        {
            values[.networkReceiveBytesRate] = rates.received
            values[.networkTransmitBytesRate] = rates.sent
        }
        if !kpis.isDisjoint(with: [.loadAverage1m, .loadAverage5m, .loadAverage15m]),
            let text = SmallFile.text(paths.proc + "/loadavg")
        {
            let loads = text.split(separator: " ").prefix(3).map { Double($0) }
            for (kpi, load) in zip([SystemKPI.loadAverage1m, .loadAverage5m, .loadAverage15m], loads) {
                values[kpi] = load
            }
        }
        for (kpi, resource) in [(SystemKPI.cpuPressure, "cpu"), (.memoryPressure, "memory"), (.ioPressure, "io")]
        where kpis.contains(kpi) {
            values[kpi] = pressure[kpi, default: PressureSampler()].sample(resource, paths, at: now)
        }
        return values.filter { kpis.contains($0.key) && $0.value.isFinite }
    }
}
