import Foundation

/// What `journal` kills a server over: a fleet of real processes, a policy that never rests, and one that does.
struct JournalFleet {
    let name = "shop"
    let persona = "web"
    let rest = 10
    let most = 24
    let ledger: ResourceLedger
    let data: String
    let restless: String
    let resting: String

    /// - Parameters:
    ///   - plugins: the folder that holds `process/plugin.lua`.
    ///   - ports: that its processes may have, `LOW-HIGH`.
    init(in scratch: ScratchFolder, plugins: String, ports: String) throws {
        ledger = ResourceLedger(path: scratch.file("ledger"))
        data = scratch.file("data")
        restless = scratch.file("restless")
        resting = scratch.file("resting")
        guard !scratch.path.contains(where: { " '\"\\$".contains($0) }) else {
            throw BenchFailure("\(scratch.path) holds what a shell would read as its own")
        }
        // Another count each second: there is always something to do.
        try write(to: restless, count: "4 + (math.floor(ctx.now.epoch) * 7) % 21", plugins: plugins, ports: ports)
        try write(to: resting, count: "\(rest)", plugins: plugins, ports: ports)
    }

    private func write(to root: String, count: String, plugins: String, ports: String) throws {
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let plugin = plugins + "/process/plugin.lua"
        guard let driver = FileManager.default.contents(atPath: plugin) else {
            throw BenchFailure("there is no \(plugin): name the folder of the plugins with --plugins")
        }
        let files = [
            "plugins/process/plugin.lua": String(decoding: driver, as: UTF8.self),
            "policies/personas/\(persona).lua": """
            return persona {
              name = "\(persona)", capacity = { request_rate = 100 }, cost = { per_hour = 1, shortfall = 20 }, startup = "1s",
            }
            """,
            "policies/fleets/\(name).lua": """
            return fleet {
              name = "\(name)", driver = "process", personas = { "\(persona)" }, policies = { "restless" },
              target = { command = [[\(ledger.command(executable))]], ports = "\(ports)", drain = "30s" },
              demand = "request_rate", limits = { min = 2, max = \(most) }, interval = "1s", prediction = "off", mode = "act",
            }
            """,
            "policies/scaling/restless.lua": """
            local policy = { name = "restless" }
            function policy.propose(ctx) return scale_to(\(count), "restless") end
            return policy
            """,
        ]
        for (path, text) in files {
            let file = URL(filePath: root).appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }

    /// The folder of the plugins in the repository that this executable was built in.
    static func shippedPlugins() throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var folder = URL(fileURLWithPath: own).deletingLastPathComponent()
        while folder.path != "/" {
            let plugins = folder.appending(path: "plugins").path
            if FileManager.default.fileExists(atPath: plugins + "/process/plugin.lua") { return plugins }
            folder.deleteLastPathComponent()
        }
        throw BenchFailure("there is no plugins/process above \(own): name the folder of the plugins with --plugins")
    }

    /// Resources that were started and of which the driver had not noted yet which process they are.
    func unnoted() throws -> Int {
        let folder = data + "/plugins/process/\(name)/resources"
        let started = Set(try ledger.alive().map(\.id))
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.count { file in
            guard file.hasSuffix(".json"), started.contains(String(file.dropLast(5))),
                let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8)
            else { return false }
            return !text.contains("\"process\"")
        }
    }
}
