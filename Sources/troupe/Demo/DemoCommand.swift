import ArgumentParser
import Control
import Domain
import Foundation
import Logging
import Server
import ServiceLifecycle
import Simulation
import Synchronization
import UnixSignals
import Workers

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract:
            "Runs a live Troupe over simulated fleets, many times faster than real time, with a view in the terminal.",
        discussion: """
            The whole server, as `troupe serve` runs it: KPIs come in, policies run in their workers, decisions are recorded and carried \
            out, the API answers. Only time and the fleets are made up: two weeks of demand are there to learn from, and it begins on a \
            Wednesday morning, with a sale at noon and a flash crowd in the evening. Its databases lie in a folder of their own that is \
            removed at the end, unless you name one with --data.

              troupe demo
              troupe demo --speed 60
              troupe demo --for 2d --speed 3600

            While it runs, in another terminal, with the data folder that it shows:

              export TROUPE_DATA=/tmp/troupe-demo-…
              troupe fleet list
              troupe persona assign security-focused storefront-1 --for 2h --reason "trying it out"
              troupe policy history
            """
    )

    @Option(help: "A fleet of the workspace, to be looked at closely. (default: the last by name)")
    var fleet: String?

    @Option(help: "How many times faster than real time.")
    var speed = 600.0

    @Option(name: .customLong("for"), help: "Ends after so much simulated time: 12h, 7d, … (default: when you end it)")
    var span: String?

    @Option(help: "Other demand for every number.")
    var seed: UInt64 = 1

    @Option(
        help: "Keep the databases and the first token in this folder, which must be empty or not there.",
        completion: .directory
    )
    var data: String?

    @Option(help: "The port of the API; 0 takes whichever is free.")
    var port = ServerConfiguration.standardPort

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard speed.isFinite, speed >= 1, speed <= 20_000 else {
            throw ValidationError("--speed is \(speed): give how many times faster than real time, from 1 to 20,000.")
        }
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is \(port): give a port from 1 to 65535, or 0 for any that is free.")
        }
        _ = try length()
    }

    func run() async throws {
        try await output.reporting {
            let folder = try DemoFolder(data)
            defer { folder.remove() }
            let events = DemoEvents()
            let file = try folder.log()
            let handler = LineLogHandler(level: .info, format: .text) { line in
                try? file.write(contentsOf: Data(line.utf8))
            }
            // Wednesday of the third week: what came before it is there to learn from.
            let clock = ScaledClock(speed: speed, from: Workload.monday + .days(16) + .hours(9))
            var settings = ControlSettings()
            settings.driverPatience = TimeSpan(milliseconds: Int64(10_000 * speed))
            settings.lateness = .seconds(15)
            let system = try LiveSystem(
                data: DataFolder(folder.path),
                workspace: URL(fileURLWithPath: workspace.workspace, isDirectory: true),
                clock: clock,
                settings: settings,
                logger: Logger(label: "troupe") { _ in handler },
                report: { events.take($0) }
            )
            defer { system.workers.shutdown() }
            try await system.start()
            try ServerClock(clock).write(in: system.data)
            let world = try await DemoWorld(system, seed: seed, speed: speed, fleet: fleet)
            await world.recall()
            let end = try length().map { clock.now + $0 }
            let view = DemoView(world, events: events, clock: clock, speed: speed, isSilent: output.json)
            do {
                try await system.run(
                    ServerConfiguration(port: port),
                    until: [.sigterm, .sigint],
                    onListening: { url in view.listens(at: url, data: folder.path) },
                    companions: [
                        .init(service: DemoWorldService(world: world)),
                        .init(
                            service: DemoViewService(view: view, end: end),
                            successTerminationBehavior: .gracefullyShutdownGroup
                        ),
                    ]
                )
            } catch {
                view.end()
                throw error
            }
            view.end()
            if output.json {
                try Output.json(view.summary)
            } else {
                for line in view.summary.lines { Output.line(line) }
            }
        }
    }

    private func length() throws -> TimeSpan? {
        guard let span else { return nil }
        do {
            return try Quantity.span(span, atLeast: .minutes(1))
        } catch {
            throw ValidationError("--for: \(error)")
        }
    }
}

/// Where a demo keeps its databases: a folder that is gone afterwards, or one that someone named.
struct DemoFolder {
    let path: String
    private let isOwn: Bool

    init(_ named: String?) throws {
        if let named {
            let there = (try? FileManager.default.contentsOfDirectory(atPath: named)) ?? []
            guard there.isEmpty else {
                throw Failure(
                    "\(named) is not empty: a demo lives in its own time, so it begins with an empty folder; name another with --data"
                )
            }
            path = named
            isOwn = false
        } else {
            path =
                FileManager.default.temporaryDirectory
                .appending(path: "troupe-demo-\(ProcessInfo.processInfo.processIdentifier)")
                .path
            // What a killed demo of the same process id has left.
            try? FileManager.default.removeItem(atPath: path)
            isOwn = true
        }
    }

    /// The log: the terminal shows the view.
    func log() throws -> FileHandle {
        try DataFolder(path).create()
        let file = path + "/troupe.log"
        guard FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: file)
        else { throw Failure("\(file) cannot be written; name another folder with --data") }
        return handle
    }

    func remove() {
        if isOwn { try? FileManager.default.removeItem(atPath: path) }
    }
}
