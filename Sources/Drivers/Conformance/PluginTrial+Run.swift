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
        func end() async {
            await services.endProcesses()
            await services.shutdown()
            try? FileManager.default.removeItem(at: folder)
        }
        let world: TrialService
        do throws(Faults) {
            world = try await TrialService.start(
                service,
                tests: workspace.appending(path: "plugins/\(plugin.name)/tests"),
                services: services
            )
        } catch {
            await end()
            throw error
        }
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
        let subjectDriver = driver(target, fleet: "conformance", faults)
        let subject = ConformanceSubject(
            name: plugin.name,
            driver: subjectDriver,
            personas: personas,
            configures: plugin.functions.contains(.configure),
            faults: faults,
            wrongTargets: wrong.enumerated()
                .map { index, wrong in
                    .init(
                        name: wrong.changes.asTarget,
                        driver: driver(wrong.target, fleet: "conformance-wrong-\(index + 1)", nil),
                        names: wrong.names,
                        isKey: plugin.config.contains { $0.name == wrong.names }
                    )
                },
            secondFleet: driver(target, fleet: "conformance-2", nil),
            fullTarget: full.map { full in
                .init(
                    name: full.target.filter { !target.contains($0) }.asTarget,
                    driver: driver(full.target, fleet: "conformance", nil),
                    count: full.count
                )
            },
            // Nobody is made to pay for hundreds that are not asked for.
            pageSize: { [page] in page ?? subjectDriver.pageSize.flatMap { $0 <= 20 ? $0 : nil } },
            looks: looks,
            pause: { try? await Task.sleep(for: pause) }
        )
        let report = await ConformanceSuite(subject, progress: progress).run()
        await end()
        return report
    }
}

extension [Setting] {
    fileprivate var asTarget: String { "target { \(map { "\($0.name) = \"\($0.value)\"" }.joined(separator: ", ")) }" }
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

/// The program that stands for the world during a trial; it ends with the trial's other processes.
private struct TrialService {
    var port = 0
    /// The same for all of a trial.
    private let ports = PortCheck.freeRange(of: 100)

    /// `{service}` in a target is the service's address, `{ports}` a range of ports where nobody listens.
    func filled(_ text: String) -> String {
        text.replacing("{service}", with: "127.0.0.1:\(port)")
            .replacing("{ports}", with: "\(ports.lowerBound)-\(ports.upperBound)")
    }

    static func start(
        _ service: PluginTrial.Service?,
        tests: URL,
        services: HostServices
    ) async throws(PluginTrial.Faults) -> TrialService {
        guard let service else { return TrialService() }
        func failed(_ what: String) -> PluginTrial.Faults {
            PluginTrial.Faults(lines: ["error: the service \(service.command) \(what)"])
        }
        guard let port = PortCheck.free() else { throw failed("has no port: none is free") }
        let records = ProcessRecords(folder: services.recordFolder(plugin: "conformance", fleet: "service"))
        let log = records.folder.appending(path: "output.log").path
        let started: Result<ProcessIdentity, HostError>
        do throws(HostError) {
            let start = ProcessRecords.Start(
                key: "service",
                program: try DriverHost.program(service.command, "service"),
                arguments: service.args.map {
                    $0.replacing("{port}", with: "\(port)").replacing("{tests}", with: tests.path)
                },
                environment: try DriverHost.environment(HostOptions(name: "service", fields: [])),
                folder: "/",
                log: log
            )
            started = await services.blocking { records.start(start) }
        } catch {
            throw failed("cannot be run: \(error.message)")
        }
        let process: ProcessIdentity
        switch started {
        case .success(let identity): process = identity
        case .failure(let error): throw failed("does not start: \(error.message)")
        }
        for _ in 0..<400 where process.isAlive {
            if await services.blocking({ PortCheck.accepts("127.0.0.1", port, milliseconds: 100) }) {
                return TrialService(port: port)
            }
            try? await Task.sleep(for: .milliseconds(25))
        }
        let words = (try? String(contentsOfFile: log, encoding: .utf8))?.suffix(500) ?? ""
        _ = process.signal(SIGKILL)
        throw failed("does not listen at the port \(port) that it is given as {port}: \(words)")
    }
}
