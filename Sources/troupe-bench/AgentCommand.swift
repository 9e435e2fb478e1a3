import ArgumentParser
import Foundation

/// Runs `troupe-agent` as it runs in service, and says what memory it takes.
struct AgentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract: "Measures the agent's resident memory beside that of prometheus-node-exporter.",
        discussion: """
            The agent scrapes an app of some 1,100 series, derives a rate and a quantile of them, measures all that it can by itself, and \
            sends it. The exporter, where it is installed, is scraped as often.

              swift build -c release --product troupe-agent
              swift run -c release troupe-bench agent --minutes 3
            """
    )

    @Option(help: "The agent; by default the one beside this program.")
    var agent: String?
    @Option(help: "The exporter.")
    var exporter = "/usr/bin/prometheus-node-exporter"
    @Option(help: "How long.")
    var minutes = 3.0
    @Option(help: "Seconds between two samples, as the plan asks.")
    var interval = 5

    func run() throws {
        let folder = try ScratchFolder(nil)
        let server = try AgentStub(interval: interval)
        let beside = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let program = agent ?? beside.appendingPathComponent("troupe-agent").path
        let watched = try Self.start(
            program,
            [
                "--server", "http://127.0.0.1:\(server.port)", "--resource", "web-1",
                "--scrape", "http://127.0.0.1:\(server.port)/metrics", "--spool", folder.file("spool"),
            ]
        )
        defer { watched.terminate() }
        let port = server.port == 65535 ? server.port - 1 : server.port + 1
        let other =
            FileManager.default.isExecutableFile(atPath: exporter)
            ? try Self.start(exporter, ["--web.listen-address=127.0.0.1:\(port)"]) : nil
        defer { other?.terminate() }

        var own: [Int] = []
        var others: [Int] = []
        for _ in 0..<max(3, Int(minutes * 60) / max(1, interval)) {
            sleep(UInt32(interval))
            if other != nil { _ = AgentStub.fetch("/metrics", port: port) }
            guard let resident = Self.resident(watched) else {
                throw ValidationError("\(program) has ended; see above what it says")
            }
            own.append(resident)
            if let resident = other.flatMap(Self.resident) { others.append(resident) }
        }
        print("troupe-agent              \(Self.figure(own)), \(server.received) requests received")
        if others.isEmpty {
            print("prometheus-node-exporter  not installed")
        } else {
            print("prometheus-node-exporter  \(Self.figure(others))")
        }
    }

    private static func start(_ program: String, _ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        return process
    }

    /// VmRSS in kB; nil where the process is gone.
    private static func resident(_ process: Process) -> Int? {
        let text = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = text?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    /// Of the second half: what starts has started.
    private static func figure(_ kilobytes: [Int]) -> String {
        let steady = kilobytes.suffix((kilobytes.count + 1) / 2).sorted()
        func megabytes(_ value: Int) -> String { Figure.decimals(Double(value) * 1024 / 1e6, 1) }
        return
            "median \(megabytes(steady[steady.count / 2])) MB resident, at most \(megabytes(steady[steady.count - 1])) MB"
            + " in \(steady.count) looks"
    }
}
