import ArgumentParser
import Domain
import Foundation
import KPIStore

struct SizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "size",
        abstract: "Compacts the KPI store of a stopped server, and says what a sample costs on disk.",
        discussion: """
            Everything in the file counts: series, indexes, rollups, free pages, the write-ahead log.

              troupe serve --data /tmp/data    # and a load, then stop it
              troupe-bench size /tmp/data
            """
    )

    @Argument(help: "The data folder.", completion: .directory)
    var data: String

    func run() throws {
        let path = data + "/kpi.db"
        guard FileManager.default.fileExists(atPath: path) else {
            throw ValidationError("there is no \(path): name the data folder of a server that has run")
        }
        let store = try KPIStore(path: path)
        let before = try store.statistics()
        let (_, seconds) = try Figure.timed {
            try store.compact(upTo: Timestamp(milliseconds: .max))
            try store.checkpoint()
        }
        let after = try store.statistics()
        print(
            "found       \(before.samples) samples of \(before.series) series, \(before.logSamples) in the log,",
            "\(before.fileBytes) bytes"
        )
        print("compacted   \(Figure.seconds(seconds))")
        print(
            "stored      \(after.fileBytes) bytes, \(Figure.decimals(after.bytesPerSample, 3)) bytes/sample",
            "(chunks alone \(Figure.decimals(Double(after.chunkBytes) / Double(max(1, after.chunkSamples)), 3)))"
        )
    }
}
