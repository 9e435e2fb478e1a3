import ArgumentParser
import Control
import Foundation

struct LogVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Walks the whole log of decisions: every link, every seal.",
        discussion: """
            Each decision bears the digest of all before it, and each minute the heads of all fleets are sealed with the key in DATA/log-key. \
            What was changed, deleted or put elsewhere is named with its fleet and time, and the command ends with 1. Works on the data \
            folder of a running server and of a stopped one; with --server the server verifies its own.

              troupe log verify --data /var/lib/troupe
            """
    )

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await output.reporting {
            if server.server != nil {
                try await server.withClient { client in
                    let reply = try await client.get(["v1", "log", "verify"])
                    let report = try reply.decode(Row.self)
                    if output.json {
                        try Output.json(try reply.json())
                    } else {
                        for line in report.lines { Output.line(line) }
                    }
                    if !report.isSound { throw ExitCode.failure }
                }
                return
            }
            let report = Row(try LogFolder(server.data).log.verify())
            if output.json { try Output.apiJSON(report) } else { for line in report.lines { Output.line(line) } }
            if !report.isSound { throw ExitCode.failure }
        }
    }

    private struct Row: Codable {
        var isSound: Bool
        var fleets: Int
        var decisions: Int
        var checkpoints: Int
        var sealedThrough: Moment?
        var unsealed: Int
        var faults: [Fault]

        struct Fault: Codable {
            var fleet: String?
            var at: Moment?
            var message: String
        }

        init(_ report: LogReport) {
            isSound = report.isSound
            (fleets, decisions, checkpoints) = (report.fleets, report.decisions, report.checkpoints)
            sealedThrough = report.sealedThrough.map { Moment($0) }
            unsealed = report.unsealed
            faults = report.faults.map { Fault(fleet: $0.fleet, at: $0.at.map { Moment($0) }, message: $0.message) }
        }

        var lines: [String] {
            func many(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
            let walked =
                "\(many(decisions, "decision")) of \(many(fleets, "fleet")), \(many(checkpoints, "checkpoint"))"
            guard isSound else { return faults.map(\.message) + ["\(walked): \(many(faults.count, "fault"))"] }
            let sealed =
                sealedThrough.map { through in
                    "sealed through \(through.local)" + (unsealed == 0 ? "" : "; \(unsealed) since are not sealed yet")
                } ?? "nothing is sealed yet"
            return ["\(walked): sound; \(sealed)"]
        }
    }
}
