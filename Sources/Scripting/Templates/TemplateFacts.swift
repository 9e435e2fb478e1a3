package import Domain

/// What a persona's template may name: the facts of the resource that it is rendered for.
///
/// | name | example |
/// |---|---|
/// | `persona`, `fleet` | `low-latency`, `storefront` |
/// | `resource.id` | `web-7f3` |
/// | `resource.labels.NAME` | whatever the driver reports |
/// | `allocation.cpu` | `2` (cores; whole where it is) |
/// | `allocation.memory` | `4GiB` |
/// | `allocation.memory_bytes`, `allocation.memory_mib` | `4294967296`, `4096` |
/// | `allocation.bandwidth` | `1Gbps` |
/// | `allocation.bandwidth_mbps` | `1000` |
package struct TemplateFacts: Hashable, Sendable {
    /// Plain names and values, sorted by name; those of `resource.labels` are apart, for they are whatever a driver says.
    package let values: [Setting]
    package let labels: [Setting]

    package init(persona: Persona, fleet: String, resource: String, labels: [Setting] = []) {
        let allocation = persona.allocation
        var values = [
            Setting(name: "fleet", value: fleet),
            Setting(name: "persona", value: persona.name),
            Setting(name: "resource.id", value: resource),
        ]
        if let cpu = allocation.cpu { values.append(Setting(name: "allocation.cpu", value: Self.plain(cpu))) }
        if let bytes = allocation.memoryBytes {
            values.append(Setting(name: "allocation.memory", value: Self.scaled(bytes)))
            values.append(Setting(name: "allocation.memory_bytes", value: String(bytes)))
            values.append(Setting(name: "allocation.memory_mib", value: String(bytes >> 20)))
        }
        if let bits = allocation.bandwidthBitsPerSecond {
            values.append(Setting(name: "allocation.bandwidth", value: Self.scaled(bits)))
            values.append(Setting(name: "allocation.bandwidth_mbps", value: Self.plain(bits / 1_000_000)))
        }
        self.values = values.sorted { $0.name < $1.name }
        self.labels = labels
    }

    /// Every name that a template may use, without those of labels; sorted.
    package static let names = [
        "allocation.bandwidth", "allocation.bandwidth_mbps", "allocation.cpu", "allocation.memory",
        "allocation.memory_bytes",
        "allocation.memory_mib", "fleet", "persona", "resource.id",
    ]

    private static let labelPrefix = "resource.labels."

    /// A label's name may hold no dot here: Mustache takes what follows one for a part of it.
    static func isFact(_ name: String) -> Bool {
        if names.contains(name) { return true }
        guard name.hasPrefix(labelPrefix) else { return false }
        let label = name.dropFirst(labelPrefix.count)
        return !label.isEmpty && !label.contains(".")
    }

    /// `2`, `0.5`.
    private static func plain(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }

    private static func scaled(_ bytes: Int64) -> String {
        for (unit, shift) in [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)]
        where bytes > 0 && bytes % (1 << Int64(shift)) == 0 {
            return "\(bytes >> Int64(shift))\(unit)"
        }
        return "\(bytes)B"
    }

    private static func scaled(_ bitsPerSecond: Double) -> String {
        for (unit, size) in [("Tbps", 1e12), ("Gbps", 1e9), ("Mbps", 1e6), ("kbps", 1e3)] where bitsPerSecond >= size {
            return plain(bitsPerSecond / size) + unit
        }
        return plain(bitsPerSecond) + "bps"
    }
}
