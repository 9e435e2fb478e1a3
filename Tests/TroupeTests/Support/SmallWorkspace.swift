import Foundation

/// A workspace of one simulated fleet, `web`, that plays `one` or `two`.
enum SmallWorkspace {
    /// - Returns: `folder`.
    @discardableResult
    static func write(in folder: String, _ changes: [String: String] = [:]) throws -> String {
        for (path, text) in files.merging(changes, uniquingKeysWith: { _, new in new }) {
            let file = URL(fileURLWithPath: folder + "/" + path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        return folder
    }

    static let files = [
        "policies/personas/one.lua": persona("one"),
        "policies/personas/two.lua": persona("two"),
        "policies/scaling/none.lua": "return { name = \"none\", propose = function(ctx) return nil end }\n",
        "policies/fleets/web.lua": """
        return fleet {
          name = "web", driver = "simulated", personas = { "one", "two" }, policies = { "none" }, demand = "request_rate",
          limits = { min = 3, max = 10 }, mode = "act",
        }

        """,
    ]

    private static func persona(_ name: String) -> String {
        """
        return persona {
          name = "\(name)", allocation = { cpu = 1, memory = "1GiB", bandwidth = "100Mbps" },
          capacity = { request_rate = 100 }, kpis = { cpu_utilization = {} }, cost = { per_hour = 0.1, shortfall = 1 }, startup = "5s",
        }

        """
    }
}
