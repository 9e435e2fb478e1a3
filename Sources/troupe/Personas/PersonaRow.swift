import Domain
import Simulation

/// A persona as the API says it.
struct PersonaRow: Codable, Equatable {
    let name: String
    let extends: String?
    let allocation: Allocation
    let capacity: [Amount]
    let kpis: [Requirement]
    let costPerHour: Double?
    let costShortfall: Double?
    let startupS: Double?
    let templates: [Template]

    struct Allocation: Codable, Equatable {
        let cpu: Double?
        let memoryBytes: Int64?
        let bandwidthBps: Double?
    }

    struct Amount: Codable, Equatable {
        let kpi: String
        let amount: Double?
    }

    struct Requirement: Codable, Equatable {
        let kpi: String
        let comparison: String?
        let value: Double?

        /// `request_latency_p99_ms < 250`
        var text: String {
            guard let comparison, let value else { return kpi }
            return "\(kpi) \(comparison) \(Figures.number(value))"
        }
    }

    struct Template: Codable, Equatable {
        let path: String
        let contents: String
    }

    struct List: Codable { let personas: [PersonaRow] }
}

extension PersonaRow {
    /// One of a workspace that was loaded here.
    init(_ persona: Persona) {
        name = persona.name
        extends = persona.extends
        allocation = Allocation(
            cpu: persona.allocation.cpu,
            memoryBytes: persona.allocation.memoryBytes,
            bandwidthBps: persona.allocation.bandwidthBitsPerSecond
        )
        capacity = persona.capacity.map { Amount(kpi: $0.kpi, amount: $0.amount) }
        kpis = persona.kpis.map {
            Requirement(kpi: $0.kpi, comparison: $0.objective?.comparison.rawValue, value: $0.objective?.value)
        }
        costPerHour = persona.cost.perHour
        costShortfall = persona.cost.shortfall
        startupS = persona.startup.seconds
        templates = persona.templates.map { Template(path: $0.path, contents: $0.contents) }
    }

    var capacityText: String {
        capacity.map { "\($0.amount.map(Figures.number) ?? "-") \($0.kpi)" }.joined(separator: ", ")
    }

    /// `2 cores, 4 GiB, 1 Gbps`
    var allocationText: String {
        var parts: [String] = []
        if let cpu = allocation.cpu { parts.append("\(Figures.number(cpu)) \(cpu == 1 ? "core" : "cores")") }
        if let bytes = allocation.memoryBytes { parts.append(Self.bytes(bytes)) }
        if let bits = allocation.bandwidthBps {
            parts.append(Self.scaled(bits, 1000, ["bps", "kbps", "Mbps", "Gbps", "Tbps"]))
        }
        return parts.joined(separator: ", ")
    }

    private static func bytes(_ count: Int64) -> String {
        scaled(Double(count), 1024, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"])
    }

    private static func scaled(_ value: Double, _ step: Double, _ units: [String]) -> String {
        var value = value
        var place = 0
        while value >= step, place < units.count - 1 {
            value /= step
            place += 1
        }
        return "\(Figures.number(value)) \(units[place])"
    }
}
