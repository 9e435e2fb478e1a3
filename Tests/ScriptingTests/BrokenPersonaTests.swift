import Testing

/// One mistake in a persona each, and all that is said about it.
struct BrokenPersonaTests {
    private static let file = "policies/personas/web.lua"

    @Test(arguments: [
        Mistake(
            #"nam = "web","#,
            insteadOf: #"name = "web","#,
            says:
                "1: error: name is missing; give the persona the name of its file, name = \"web\"",
            "2: error: unknown key nam; known here: allocation, capacity, cost, extends, kpis, name, startup, templates (did you mean \"name\"?)",
        ),
        Mistake(
            #"name = "Web Server","#,
            insteadOf: #"name = "web","#,
            says:
                "2: error: name is \"Web Server\"; expected lower-case letters, digits, - and _, at most 63, starting with a letter or digit"
        ),
        Mistake(
            #"name = "shop","#,
            insteadOf: #"name = "web","#,
            says:
                "2: error: persona \"shop\" is defined in web.lua; a file is named after what it defines, rename one of them"
        ),
        Mistake(
            #"name = "web", name = "web","#,
            insteadOf: #"name = "web","#,
            says:
                "2: error: name is given twice, first in line 2; remove one"
        ),
        Mistake(
            #"name = "web", extends = "bse","#,
            insteadOf: #"name = "web","#,
            says:
                "2: error: extends names persona \"bse\", which there is not"
        ),
        Mistake(
            #"name = "web", extends = "web","#,
            insteadOf: #"name = "web","#,
            says:
                "2: error: personas extend each other in a circle: web → web"
        ),
        Mistake(
            "cpus = 2",
            insteadOf: "cpu = 2",
            says:
                "3: error: unknown key allocation.cpus; known here: bandwidth, cpu, memory (did you mean \"cpu\"?)"
        ),
        Mistake(
            "cpu = true",
            insteadOf: "cpu = 2",
            says:
                "3: error: allocation.cpu: found true; expected cores such as 2, \"2 cores\" or \"500m\""
        ),
        Mistake(
            "cpu = -1",
            insteadOf: "cpu = 2",
            says:
                "3: error: allocation.cpu: found -1: it is not above 0; expected cores such as 2, \"2 cores\" or \"500m\""
        ),
        Mistake(
            #"memory = "4Gi""#,
            insteadOf: #"memory = "4GiB""#,
            says:
                "3: error: allocation.memory: found \"4Gi\": \"Gi\" is no unit of it; expected bytes such as \"4GiB\" or \"512MB\" (did you mean \"4GiB\"?)"
        ),
        Mistake(
            "memory = 4096",
            insteadOf: #"memory = "4GiB""#,
            says:
                "3: error: allocation.memory: found 4096; expected bytes such as \"4GiB\" or \"512MB\""
        ),
        Mistake(
            "request_rate = 0",
            insteadOf: "request_rate = 100",
            says:
                "4: error: capacity.request_rate is 0; expected a number above 0: the demand that one ready resource serves"
        ),
        Mistake(
            #"capacity = { ["request rate"] = 100 }"#,
            insteadOf: "capacity = { request_rate = 100 }",
            says:
                "4: error: \"request rate\" is no name of a KPI; expected letters, digits and _, not starting with a digit"
        ),
        Mistake(
            #"objective = "under 250""#,
            insteadOf: #"objective = "< 250""#,
            says:
                "5: error: kpis.latency_ms.objective: found \"under 250\"; expected a comparison such as \"< 250\" or \">= 99.9%\""
        ),
        Mistake(
            #"objective = "< 250ms""#,
            insteadOf: #"objective = "< 250""#,
            says:
                "5: error: kpis.latency_ms.objective: found \"< 250ms\": it has a unit; an objective is in the KPI's own; "
                + "expected a comparison such as \"< 250\" or \">= 99.9%\" (did you mean \"< 250\"?)"
        ),
        Mistake(
            "latency_ms = 250",
            insteadOf: #"latency_ms = { objective = "< 250" }"#,
            says:
                "5: error: kpis.latency_ms is 250; expected a table such as { objective = \"< 250\" } or {}"
        ),
        Mistake(
            "cost = { per_hour = 1 }",
            insteadOf: "cost = { per_hour = 1, shortfall = 20 }",
            says:
                "6: error: cost.shortfall is missing; give what an hour short of one resource costs"
        ),
        Mistake(
            "shortfall = 0.5",
            insteadOf: "shortfall = 20",
            says:
                "6: error: cost.shortfall (0.5) is not above cost.per_hour (1): then no resource would ever be worth its price"
        ),
        Mistake(
            "cost = { per_hour = 1, shortfall = 20 }, startup = 90",
            insteadOf: "cost = { per_hour = 1, shortfall = 20 }",
            says:
                "6: error: startup: found 90; expected a duration such as \"90s\" or \"5m\""
        ),
        Mistake(
            "cost = { per_hour = 1, shortfall = 20 }, startup = \"90\"",
            insteadOf: "cost = { per_hour = 1, shortfall = 20 }",
            says:
                "6: error: startup: found \"90\": it has no unit; expected a duration such as \"90s\", \"5m\", \"1.5h\" or \"14d\" (did you mean \"90s\"?)"
        ),
        Mistake(
            "templates = { [\"etc/app\"] = \"\" },\n  cost =",
            insteadOf: "cost =",
            says:
                "6: error: template \"etc/app\" is no absolute file path; expected one such as \"/etc/app/tuning.conf\""
        ),
        Mistake(
            "templates = { [\"/etc/app\"] = [[\na\nw={{allocation.cpuu}}\n]] },\n  cost =",
            insteadOf: "cost =",
            says:
                "8: error: template /etc/app: there is no fact {{allocation.cpuu}}; known: allocation.bandwidth, allocation.bandwidth_mbps, "
                + "allocation.cpu, allocation.memory, allocation.memory_bytes, allocation.memory_mib, fleet, persona, resource.id, "
                + "resource.labels.NAME (did you mean \"allocation.cpu\"?)"
        ),
        Mistake(
            "templates = { [\"/etc/app\"] = [[\na\nnet={{allocation.bandwidth_mbps}}\n]] },\n  cost =",
            insteadOf: "cost =",
            says:
                "8: error: template /etc/app names {{allocation.bandwidth_mbps}}, and this persona has no allocation.bandwidth"
        ),
    ])
    func aSlipIsExplained(mistake: Mistake) async throws {
        let found = try await mistake.errors(in: Self.file)
        #expect(found == mistake.says.map { "\(Self.file):\($0)" })
    }
}
