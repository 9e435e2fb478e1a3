import Domain
import Drivers
import Foundation
import Scripting
import Synchronization
import TestSupport
import Workers

/// A folder with plugins, and drivers made of them: all parts are real.
final class DriverBench: Sendable {
    let folder: TemporaryFolder
    let services: HostServices
    let workers = DriverWorkers()
    let lines: LogLines
    let loading: WorkerPool

    final class LogLines: Sendable {
        private let lines = Mutex<[PluginLogLine]>([])
        func take(_ line: PluginLogLine) { lines.withLock { $0.append(line) } }
        var texts: [String] { lines.withLock { $0.map(\.text) } }
    }

    /// - Parameter realTime: the host's `now`; else it stands still.
    init(secrets: [String: String] = [:], realTime: Bool = false) throws {
        let folder = try TemporaryFolder()
        let lines = LogLines()
        self.folder = folder
        self.lines = lines
        loading = try WorkerPool(configuration: WorkerPoolConfiguration(size: 1))
        services = HostServices(
            folder: URL(fileURLWithPath: folder.file("state")),
            secrets: SecretSource(folder: nil, environment: secrets),
            now: { Timestamp(milliseconds: realTime ? Int64(Date().timeIntervalSince1970 * 1000) : 1_700_000_000_000) },
            log: { lines.take($0) }
        )
    }

    /// No process that a test has started outlives it, whatever became of the test.
    deinit {
        let records = folder.file("state/.processes")
        for path in (try? FileManager.default.subpathsOfDirectory(atPath: records)) ?? [] {
            let words =
                (try? String(contentsOfFile: records + "/" + path, encoding: .utf8))?.split(separator: " ") ?? []
            guard let id = words.first.flatMap({ pid_t($0) }), id > 1 else { continue }
            kill(id, SIGKILL)
        }
    }

    /// The repository's own plugins.
    static var shipped: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    func shipped(_ name: String) async throws -> Plugin {
        let plugins = try await Workspace.loadPlugins(folder: Self.shipped, workers: loading)
        guard let plugin = plugins.first(where: { $0.name == name }) else { throw Missing(name: name) }
        return plugin
    }

    /// A plugin of a test's own text.
    func plugin(_ name: String = "odd", _ text: String) async throws -> Plugin {
        let root = URL(fileURLWithPath: folder.file("workspace-\(UInt64.random(in: 0...UInt64.max))"))
        let place = root.appending(path: "plugins/\(name)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: place.appending(path: "plugin.lua"))
        let plugins = try await Workspace.loadPlugins(folder: root, workers: loading)
        guard let plugin = plugins.first else { throw Missing(name: name) }
        return plugin
    }

    struct Missing: Error { let name: String }

    func driver(
        _ plugin: Plugin,
        fleet: String = "shop",
        target: [String: String] = [:],
        rules: PluginDriverRules = .quick,
        faults: (any HostFaults)? = nil
    ) -> PluginDriver {
        PluginDriver(
            plugin: plugin,
            fleet: fleet,
            target: target.sorted { $0.key < $1.key }.map { Setting(name: $0.key, value: $0.value) },
            personas: [.small, .large],
            services: services,
            workers: workers,
            rules: rules,
            faults: faults
        )
    }
}

extension PluginDriverRules {
    /// Without pauses, and the same each time.
    static var quick: PluginDriverRules {
        var rules = PluginDriverRules()
        // A busy machine takes its time; a test that is about time sets its own.
        (rules.describeTime, rules.changeTime, rules.precheckTime) = (.seconds(300), .seconds(300), .seconds(300))
        rules.jitter = { 1 }
        rules.pause = { _ in }
        return rules
    }
}

extension Persona {
    static let small = Persona(name: "small", allocation: Allocation(cpu: 1, memoryBytes: 1 << 30))
    static let large = Persona(name: "large", allocation: Allocation(cpu: 4, memoryBytes: 8 << 30))
}

/// Asks until something holds, for real processes take their time.
func eventually(
    within limit: Duration = .seconds(180),
    _ holds: () async throws -> Bool
) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await holds() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}
