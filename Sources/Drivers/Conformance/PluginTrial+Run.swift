import Domain
package import Foundation
package import Scripting
import Workers

extension PluginTrial {
    /// Tries a plugin over a world of its own: a folder that is gone afterwards, its service, its processes.
    ///
    /// - Parameters:
    ///   - workspace: where the plugin lies.
    ///   - secrets: those that the vendor's service expects.
    ///   - log: told what the driver says.
    package func run(
        _ plugin: Plugin,
        in workspace: URL,
        secrets: SecretSource,
        workers: DriverWorkers = DriverWorkers(),
        log: @escaping @Sendable (PluginLogLine) -> Void = { _ in },
        progress: @escaping (ConformanceReport.Check) -> Void = { _ in }
    ) async throws(Faults) -> ConformanceReport {
        let folder = FileManager.default.temporaryDirectory.appending(path: "troupe-conformance-\(UUID().uuidString)")
        let services = HostServices(
            folder: folder,
            secrets: secrets,
            now: { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) },
            log: log
        )
        let world = try await TrialService.start(
            service,
            tests: workspace.appending(path: "plugins/\(plugin.name)/tests")
        )
        let faults = FaultPlan()
        let personas = [
            Persona(name: "conformance-a", allocation: Allocation(cpu: 1, memoryBytes: 1 << 30)),
            Persona(name: "conformance-b", allocation: Allocation(cpu: 2, memoryBytes: 2 << 30)),
        ]
        func driver(_ target: [Setting], fleet: String, _ faults: FaultPlan?) -> PluginDriver {
            PluginDriver(
                plugin: plugin,
                fleet: fleet,
                target: target.map { Setting(name: $0.name, value: world.filled($0.value)) },
                personas: personas,
                services: services,
                workers: workers,
                rules: .suite,
                faults: faults
            )
        }
        let pause = pause
        let subject = ConformanceSubject(
            name: plugin.name,
            driver: driver(target, fleet: "conformance", faults),
            personas: personas,
            configures: plugin.functions.contains(.configure),
            faults: faults,
            wrongTargets: wrong.enumerated()
                .map { index, wrong in
                    let text = wrong.target.filter { !target.contains($0) }.map { "\($0.name) = \"\($0.value)\"" }
                        .joined(separator: ", ")
                    return .init(
                        name: "target { \(text) }",
                        driver: driver(wrong.target, fleet: "conformance-wrong-\(index + 1)", nil),
                        names: wrong.names
                    )
                },
            looks: looks,
            pause: { try? await Task.sleep(for: pause) }
        )
        let report = await ConformanceSuite(subject, progress: progress).run()
        world.stop()
        await services.endProcesses()
        await services.shutdown()
        try? FileManager.default.removeItem(at: folder)
        return report
    }
}

extension PluginDriverRules {
    /// The suite lets calls fail on purpose, and must not be kept from making the next.
    fileprivate static var suite: PluginDriverRules {
        var rules = PluginDriverRules()
        rules.attempts = 2
        rules.firstBackoff = .milliseconds(5)
        rules.breaker.failures = .max
        rules.liesBeforeQuarantine = .max
        return rules
    }
}

/// The program that stands for the world during a trial.
private final class TrialService {
    private let process: Process?
    private let port: Int

    private init(process: Process?, port: Int) {
        self.process = process
        self.port = port
    }

    deinit { stop() }

    /// `{service}` in a target is the service's address, `{port}` its port.
    func filled(_ text: String) -> String {
        text.replacing("{service}", with: "127.0.0.1:\(port)")
    }

    static func start(_ service: PluginTrial.Service?, tests: URL) async throws(PluginTrial.Faults) -> TrialService {
        guard let service else { return TrialService(process: nil, port: 0) }
        guard let port = PortCheck.free() else {
            throw PluginTrial.Faults(lines: ["error: no port is free for the service"])
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [service.command]
            + service.args.map { $0.replacing("{port}", with: "\(port)").replacing("{tests}", with: tests.path) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw PluginTrial.Faults(lines: [
                "error: the service \(service.command) does not start: \(error.localizedDescription)"
            ])
        }
        let started = TrialService(process: process, port: port)
        for _ in 0..<200 {
            if PortCheck.accepts("127.0.0.1", port, milliseconds: 100) { return started }
            guard process.isRunning else { break }
            try? await Task.sleep(for: .milliseconds(50))
        }
        started.stop()
        throw PluginTrial.Faults(lines: [
            "error: the service \(service.command) does not listen at the port \(port) that it is given as {port}"
        ])
    }

    func stop() {
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
