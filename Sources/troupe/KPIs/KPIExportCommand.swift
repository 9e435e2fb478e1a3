import ArgumentParser
import Domain
import Foundation

struct KPIExportCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes raw readings, a line each, as `kpi import` takes them.",
        discussion: """
            A long time is read in parts: no more than the server answers at once is in memory. With --json the readings are one JSON \
            document, in the form that the API takes and gives; with --out too, standard output says what was written.

              troupe kpi export --name request_rate --from 7d > request_rate.txt
              troupe kpi export --fleet storefront --from 2026-11-01 --out november.txt
            """
    )

    @Option(help: "Only of this KPI.")
    var name: String?

    @Option(help: "Only of this fleet: those that have the label fleet=NAME.")
    var fleet: String?

    @Option(help: "Only those that have all of these labels: zone=a,tier=web.")
    var labels: LabelsArgument?

    @Option(
        help: ArgumentHelp("From when on. \(MomentArgument.help) (default: an hour before the end)", valueName: "time")
    )
    var from: MomentArgument?

    @Option(help: ArgumentHelp("Until when. (default: now)", valueName: "time"))
    var to: MomentArgument?

    @Option(
        help: ArgumentHelp(
            "Write into this file, which is there when it is whole. (default: standard output)",
            valueName: "file"
        )
    )
    var out: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let from, let to, from.time >= to.time {
            throw ValidationError("The time ends before it begins: --from is not before --to.")
        }
    }

    func run(_ client: APIClient) async throws {
        let end = to?.time ?? Moment.now.time
        let start = from?.time ?? end - .hours(1)
        guard start < end else {
            throw Failure(
                "there is nothing between \(Moment(start).local) and \(Moment(end).local): --from is not before --to"
            )
        }
        let query = [("name", name), ("labels", try LabelsArgument.query(labels, fleet: fleet))]
        let export = KPIExport(client, query: query, isJSON: output.json)
        let target = try ExportTarget(out)
        do {
            let count = try await export.run(from: start, to: end) { try target.write($0) }
            try target.finish()
            report(count)
        } catch {
            target.discard()
            throw error
        }
    }

    private func report(_ count: Int) {
        let unit = output.json ? "series" : "readings"
        if let out {
            Output.note("written: \(out), \(count) \(unit)")
        } else if count == 0 {
            Output.note("no readings: nothing is stored of what was asked for in this time")
        }
    }
}

/// Standard output, or a file that takes its name when it is whole.
struct ExportTarget {
    private let path: String?
    private let handle: FileHandle

    private static func part(_ path: String) -> String { path + ".part" }

    init(_ path: String?) throws {
        self.path = path
        guard let path else {
            handle = .standardOutput
            return
        }
        let part = Self.part(path)
        guard FileManager.default.createFile(atPath: part, contents: nil),
            let opened = FileHandle(forWritingAtPath: part)
        else {
            throw Failure("\(path): error: the file cannot be written (\(String(cString: strerror(errno)))).")
        }
        handle = opened
    }

    func write(_ bytes: [UInt8]) throws {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw Failure("\(path ?? "standard output"): error: it cannot be written: \(error.localizedDescription)")
        }
    }

    func finish() throws {
        guard let path else { return }
        try handle.close()
        guard rename(Self.part(path), path) == 0 else {
            throw Failure("\(path): error: the file cannot be written (\(String(cString: strerror(errno)))).")
        }
    }

    /// What is there is no whole export.
    func discard() {
        guard let path else { return }
        try? handle.close()
        try? FileManager.default.removeItem(atPath: Self.part(path))
    }
}
