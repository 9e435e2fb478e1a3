/// How a resource behaves: what it is given, what it serves, what it costs, how it is configured.
package struct Persona: Hashable, Sendable, Codable {
    package var name: String
    /// The persona whose values it took over where it gave none of its own.
    package var extends: String?
    package var allocation: Allocation
    /// Demand that one ready resource serves within its objectives, per demand KPI.
    ///
    /// Sorted by KPI.
    package var capacity: [KPIAmount]
    /// The KPIs that matter, sorted by name.
    package var kpis: [KPIRequirement]
    package var cost: Cost
    /// First guess of the time from asked for to ready; learned from then on.
    package var startup: TimeSpan
    /// Files to render, sorted by path.
    ///
    /// Contents are Mustache.
    package var templates: [ConfigTemplate]

    package init(
        name: String,
        extends: String? = nil,
        allocation: Allocation = Allocation(),
        capacity: [KPIAmount] = [],
        kpis: [KPIRequirement] = [],
        cost: Cost = Cost(perHour: 1, shortfall: 20),
        startup: TimeSpan = .seconds(90),
        templates: [ConfigTemplate] = []
    ) {
        self.name = name
        self.extends = extends
        self.allocation = allocation
        self.capacity = capacity
        self.kpis = kpis
        self.cost = cost
        self.startup = startup
        self.templates = templates
    }
}

/// What a resource is given.
package struct Allocation: Hashable, Sendable, Codable {
    /// Cores.
    package var cpu: Double?
    package var memoryBytes: Int64?
    package var bandwidthBitsPerSecond: Double?

    package init(cpu: Double? = nil, memoryBytes: Int64? = nil, bandwidthBitsPerSecond: Double? = nil) {
        self.cpu = cpu
        self.memoryBytes = memoryBytes
        self.bandwidthBitsPerSecond = bandwidthBitsPerSecond
    }
}

/// An amount of one KPI, in that KPI's unit.
package struct KPIAmount: Hashable, Sendable, Codable {
    package var kpi: String
    package var amount: Double

    package init(kpi: String, amount: Double) {
        self.kpi = kpi
        self.amount = amount
    }
}

/// A KPI that matters to a persona, with the objective it should keep, if any.
package struct KPIRequirement: Hashable, Sendable, Codable {
    package var kpi: String
    package var objective: Objective?

    package init(kpi: String, objective: Objective? = nil) {
        self.kpi = kpi
        self.objective = objective
    }
}

/// `"< 250"`, `">= 99.9%"` (percentages as fractions).
package struct Objective: Hashable, Sendable, Codable {
    package enum Comparison: String, Hashable, Sendable, Codable {
        case below = "<"
        case atMost = "<="
        case above = ">"
        case atLeast = ">="
    }

    package var comparison: Comparison
    package var value: Double

    package init(comparison: Comparison, value: Double) {
        self.comparison = comparison
        self.value = value
    }
}

/// What one resource costs an hour, and what an hour short of one costs, in the same currency.
package struct Cost: Hashable, Sendable, Codable {
    package var perHour: Double
    package var shortfall: Double

    package init(perHour: Double, shortfall: Double) {
        self.perHour = perHour
        self.shortfall = shortfall
    }

    /// The demand quantile at which paying for one more resource and missing one cost the same: `1 − perHour / shortfall` (the newsvendor's).
    ///
    /// In 0.5…0.999. What costs nothing is never saved on; the median where no shortfall is worth a resource, or the costs are no numbers.
    package var quantile: Double {
        let quantile = perHour == 0 ? 1 : 1 - perHour / shortfall
        guard quantile.isFinite, perHour == 0 || shortfall > 0 else { return 0.5 }
        return min(max(quantile, 0.5), 0.999)
    }
}

/// One file of a persona's configuration.
package struct ConfigTemplate: Hashable, Sendable, Codable {
    package var path: String
    package var contents: String

    package init(path: String, contents: String) {
        self.path = path
        self.contents = contents
    }
}
