/// The KPIs that the agent measures by itself. Shares are fractions, 0…1.
package enum SystemKPI: String, CaseIterable, Sendable {
    /// Of the allocated processors: the cgroup's quota where there is one, else all of the machine.
    case cpuUtilization = "cpu_utilization"
    /// Of the cgroup's limit where there is one, else of the machine. What the kernel can drop at once (page cache) does not count.
    case memoryUtilization = "memory_utilization"
    /// The share of time in which the busiest disk had work.
    case diskIOUtilization = "disk_io_utilization"
    /// How full the file system is, as its users see it.
    case diskUtilization = "disk_utilization"
    /// Bytes a second over all interfaces but the loopback.
    case networkReceiveBytesRate = "network_receive_bytes_rate"
    case networkTransmitBytesRate = "network_transmit_bytes_rate"
    case loadAverage1m = "load_average_1m"
    case loadAverage5m = "load_average_5m"
    case loadAverage15m = "load_average_15m"
    /// The share of time in which some task waited for the resource (PSI, "some").
    case cpuPressure = "cpu_pressure"
    case memoryPressure = "memory_pressure"
    case ioPressure = "io_pressure"
}
