import ArgumentParser
import Control
import Domain
import Foundation
import StateStore

struct LogExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Writes the log of decisions as JSON lines: every decision with its trace and link, then the checkpoints.",
        discussion: """
            Works on the data folder of a running server and of a stopped one.

              troupe log export --fleet storefront > storefront.jsonl
            """
    )

    @Option(help: "Only this fleet. (default: all)")
    var fleet: String?

    @Option(help: "Data folder of the server. (default: $TROUPE_DATA, or .troupe)", completion: .directory)
    var data: String?

    @OptionGroup var output: OutputOptions

    private struct Line: Encodable {
        let fleet: String
        let sequence: Int64
        let at: String
        let outcome: String
        let current: Int
        let target: Int
        let reason: String
        let inputDigest: String
        let trace: String?
        let link: String
    }

    private struct Seal: Encodable {
        let checkpoint: Int64
        let at: String
        let headsDigest: String
        let previous: String
        let seal: String
    }

    func run() async throws {
        try await output.reporting {
            let store = try LogFolder(data).store
            let fleets = try store.logHeads().map(\.fleet)
            if let fleet, !fleets.contains(fleet) {
                throw Failure("fleet \(fleet) has no log. Those that have one: \(fleets.joined(separator: ", "))")
            }
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            func write(_ line: some Encodable) throws {
                Output.line(String(decoding: try encoder.encode(line), as: UTF8.self))
            }
            for fleet in fleets where self.fleet == nil || self.fleet == fleet {
                var last: Int64 = 0
                while true {
                    let page = try store.linkedDecisions(of: fleet, after: last, limit: 1000)
                    for decision in page { try write(Self.line(decision)) }
                    guard let end = page.last else { break }
                    last = end.sequence
                }
            }
            for checkpoint in try store.checkpoints() {
                try write(
                    Seal(
                        checkpoint: checkpoint.id,
                        at: checkpoint.at.description,
                        headsDigest: Self.hexadecimal(checkpoint.headsDigest),
                        previous: Self.hexadecimal(checkpoint.previous),
                        seal: Self.hexadecimal(checkpoint.seal)
                    )
                )
            }
        }
    }

    private static func line(_ decision: StoredDecision) -> Line {
        var trace: String?
        if case .full(let data) = decision.trace { trace = String(decoding: data, as: UTF8.self) }
        return Line(
            fleet: decision.fleet,
            sequence: decision.sequence,
            at: decision.at.description,
            outcome: decision.outcome,
            current: decision.current,
            target: decision.target,
            reason: decision.reason,
            inputDigest: decision.inputDigest,
            trace: trace,
            link: hexadecimal(decision.link)
        )
    }

    private static func hexadecimal(_ data: Data) -> String {
        data.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
