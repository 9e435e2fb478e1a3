import Domain
import Foundation
import KPIStore

/// The load of `bench/remote_write_load.py`: what agents send, with values of the same distributions.
///
/// Integer counters, percentages with one decimal, latencies with three. Series s is KPI s mod 8 of resource s ÷ 8; 800 series are a
/// fleet. One round is one sample of each series.
struct AgentLoad {
    let series: Int
    let points: Int
    /// Milliseconds between two rounds.
    let interval: Int64 = 10_000
    let start: Int64 = 1_700_000_000_000
    /// `series` columns of `points` values.
    private let values: [Double]

    static let kpis = [
        "cpu_utilization", "memory_utilization", "network_receive_bytes_total", "network_transmit_bytes_total",
        "request_latency_p99_ms", "request_rate", "error_rate", "disk_io_utilization",
    ]

    init(series: Int, points: Int, seed: UInt64 = 7) {
        self.series = series
        self.points = points
        var random = SplitMix(seed: seed)
        var values: [Double] = []
        values.reserveCapacity(series * points)
        for index in 0..<series {
            Self.column(Self.kpis[index % Self.kpis.count], points, &random, into: &values)
        }
        self.values = values
    }

    func key(_ index: Int) -> SeriesKey {
        SeriesKey(
            Self.kpis[index % Self.kpis.count],
            labels: [
                Setting(name: "fleet", value: "fleet-\(index / 800)"),
                Setting(name: "instance", value: "web-" + Self.padded(index / Self.kpis.count)),
            ]
        )
    }

    var keys: [SeriesKey] { (0..<series).map(key) }

    func time(_ point: Int) -> Int64 { start + Int64(point) * interval }
    func value(_ index: Int, _ point: Int) -> Double { values[index * points + point] }

    private static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }

    private static func column(
        _ kpi: String,
        _ count: Int,
        _ random: inout SplitMix,
        into values: inout [Double]
    ) {
        switch kpi {
        case "network_receive_bytes_total", "network_transmit_bytes_total":
            var x = Int.random(in: 0..<1_000_000_000, using: &random)
            for _ in 0..<count {
                x += Int.random(in: 0..<200_000, using: &random)
                values.append(Double(x))
            }
        case "error_rate":
            for _ in 0..<count {
                values.append(random.unit() < 0.9 ? 0 : (random.unit() * 0.02 * 10_000).rounded() / 10_000)
            }
        case "request_latency_p99_ms":
            for _ in 0..<count { values.append((80 * exp(random.normal(deviation: 0.2)) * 1000).rounded() / 1000) }
        default:
            var x = 20 + 50 * random.unit()
            for _ in 0..<count {
                x = min(100, max(0, x + random.normal(deviation: 1.5)))
                values.append((x * 10).rounded() / 10)
            }
        }
    }
}
