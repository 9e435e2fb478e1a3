import Domain

extension Shape where Value == Persona {
    static var persona: Shape {
        .object(
            "Persona",
            "How a resource behaves.",
            [
                .member("name", .string) { $0.name },
                .member("extends", Shape<String>.string.orNull) { $0.extends },
                .member("allocation", .allocation) { $0.allocation },
                .member("capacity", Shape<KPIAmount>.amount.array(), "What one ready resource serves.") { $0.capacity },
                .member("kpis", Shape<KPIRequirement>.requirement.array(), "The KPIs that matter.") { $0.kpis },
                .member("cost_per_hour", .number) { $0.cost.perHour },
                .member("cost_shortfall", .number, "What an hour short of one resource costs.") { $0.cost.shortfall },
                .member("startup_s", .seconds, "First guess of the time to ready.") { $0.startup },
                .member("templates", Shape<ConfigTemplate>.template.array()) { $0.templates },
            ]
        )
    }
}

extension Shape where Value == Allocation {
    static var allocation: Shape {
        .object(
            "Allocation",
            "What a resource is given.",
            [
                .member("cpu", .number, "Cores.") { $0.cpu ?? .nan },
                .member("memory_bytes", Shape<Int64>.integer.orNull) { $0.memoryBytes },
                .member("bandwidth_bps", .number, "Bits per second.") { $0.bandwidthBitsPerSecond ?? .nan },
            ]
        )
    }
}

extension Shape where Value == KPIAmount {
    static var amount: Shape {
        .object(
            "KPIAmount",
            "An amount of a KPI, in its unit.",
            [.member("kpi", .string) { $0.kpi }, .member("amount", .number) { $0.amount }]
        )
    }
}

extension Shape where Value == KPIRequirement {
    static var requirement: Shape {
        .object(
            "KPIRequirement",
            "A KPI and the objective that it should keep.",
            [
                .member("kpi", .string) { $0.kpi },
                .member("comparison", Shape<String>.choice(["<", "<=", ">", ">="]).orNull) {
                    $0.objective?.comparison.rawValue
                },
                .member("value", .number) { $0.objective?.value ?? .nan },
            ]
        )
    }
}

extension Shape where Value == ConfigTemplate {
    static var template: Shape {
        .object(
            "ConfigTemplate",
            "A file to render, in Mustache.",
            [.member("path", .string) { $0.path }, .member("contents", .string) { $0.contents }]
        )
    }
}
