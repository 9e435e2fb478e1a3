import Foundation

/// One fleet of a few simulated resources that may play two personas.
struct KillWorkspace {
    let path: String

    init(in scratch: ScratchFolder) throws {
        path = scratch.file("workspace")
        let files = [
            "personas/one.lua": Self.persona("one"),
            "personas/two.lua": Self.persona("two"),
            "scaling/none.lua": "return { name = \"none\", propose = function(ctx) return nil end }\n",
            "fleets/web.lua": """
            return fleet {
              name = "web", driver = "simulated", personas = { "one", "two" }, policies = { "none" }, demand = "request_rate",
              limits = { min = 3, max = 10 }, mode = "act",
            }

            """,
        ]
        for (name, text) in files {
            let file = URL(fileURLWithPath: path + "/policies/" + name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }

    private static func persona(_ name: String) -> String {
        """
        return persona {
          name = "\(name)", allocation = { cpu = 1, memory = "1GiB", bandwidth = "100Mbps" },
          capacity = { request_rate = 100 }, kpis = { cpu_utilization = {} }, cost = { per_hour = 0.1, shortfall = 1 }, startup = "5s",
        }

        """
    }
}
