import ArgumentParser
import Foundation

struct KPIImportCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Stores readings of a file, as `kpi export` writes them.",
        discussion: """
            Each line is `name{label="value"} value milliseconds`; empty lines and those that begin with # are passed over. Large files are \
            sent in parts as they are read. A line that the server refuses is reported and left out, the others are stored, and the \
            exit code is 1; after 100 of them it ends. Stored readings stay stored: the same file may be imported again.

              troupe kpi import readings.txt
              zcat readings.txt.gz | troupe kpi import -
            """
    )

    @Argument(help: "The file; - is standard input.", completion: .file())
    var file: String

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let handle: FileHandle
        if file == "-" {
            handle = .standardInput
        } else {
            guard let opened = FileHandle(forReadingAtPath: file) else {
                throw Failure("\(file): error: the file cannot be read (\(String(cString: strerror(errno)))).")
            }
            handle = opened
        }
        var batches = LineBatches { try handle.read(upToCount: 1 << 20) ?? Data() }
        var transfer = KPIImport(client, file: file == "-" ? "standard input" : file)
        do {
            while let batch = try batches.next() {
                transfer.noteTooLong(batches.tooLong)
                try await transfer.send(batch)
                if !output.json { transfer.showProgress() }
            }
        } catch {
            transfer.endProgress()
            if transfer.samples > 0 { Output.note("before that, \(transfer.samples) readings were stored; they stay") }
            throw error
        }
        transfer.endProgress()
        transfer.noteTooLong(batches.tooLong)
        let result = transfer.result
        if output.json {
            try Output.json(result)
        } else {
            Output.line(
                "stored: \(result.samples) readings"
                    + (result.refused.isEmpty ? "" : "; \(result.refused.count) lines were refused")
            )
        }
        guard result.refused.isEmpty else { throw ExitCode.failure }
    }
}
