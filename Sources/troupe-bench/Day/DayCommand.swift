import ArgumentParser
import Foundation
import Simulation

struct DayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "day",
        abstract: "Lives a day of all that goes wrong in compressed time, and looks for what leaks.",
        discussion: """
            Drivers fail before and after they have done it, see late and lie; a plugin hangs, loops, swallows memory and talks nonsense; \
            policies do too; workers are killed (SIGKILL) in the midst of their work; another controller changes a count; readings are \
            missing. No limit may break meanwhile, everything that was begun has an end, and what the process holds once it is warm is \
            what it holds at the end: descriptors, workers, threads, memory. Ends with 1 where it is not so.

              troupe-bench day
            """
    )

    @Option(help: "How long the day is.")
    var hours = 24
    @Option(help: "When it is warm: from then on nothing may grow.")
    var warm = 6
    @Option(help: "Of what happens.")
    var seed: UInt64 = 3
    @Option(help: "Folder, by default a temporary one that is removed again.")
    var folder: String?

    func validate() throws {
        guard warm > 0, hours > warm else { throw ValidationError("the day is longer than it takes to be warm") }
    }

    func run() async throws {
        let begin = try await Footprint.settled()
        let day = try await FaultyDay(try ScratchFolder(folder), seed: seed)
        var seen = [("before", begin), ("fresh", try await Footprint.settled())]
        for minute in 1...hours * 60 {
            try await day.pass(minute)
            let isEnd = minute == hours * 60
            if minute % (warm * 60) == 0 || isEnd {
                seen.append(("after \(minute / 60) h", try await Footprint.settled(processes: FaultyDay.processes)))
            }
        }
        for line in try day.lines() { print(line) }
        var faults = try day.verdict()
        await day.shutdown()
        let left = try await Footprint.settled()
        show(seen + [("shut down", left)])
        faults += Self.leaks(from: seen[2].1, to: seen[seen.count - 1].1)
        if left.children + left.zombies > 0 { faults.append("processes outlive the shutdown") }
        for fault in faults.prefix(20) { print(fault) }
        print(faults.isEmpty ? "no limit broken, nothing leaked" : "\(faults.count) faults")
        if !faults.isEmpty { throw ExitCode.failure }
    }

    private static func leaks(from warm: Footprint, to end: Footprint) -> [String] {
        var faults: [String] = []
        if end.descriptors > warm.descriptors { faults.append("descriptors leak") }
        if end.children > warm.children { faults.append("workers leak") }
        if end.zombies > 0 { faults.append("\(end.zombies) processes have ended and are still listed") }
        // The system's pools of threads grow and shrink with what is under way.
        if end.threads > warm.threads + 8 { faults.append("threads leak") }
        // Forecasts remember 28 days, so a day is never quite without growth.
        if end.memory > warm.memory * 11 / 10 { faults.append("memory leaks") }
        // Two databases, a writer and five readers each, 2 MB of pages to a connection.
        if end.pages > 30_000_000 { faults.append("pages of databases are kept without limit") }
        return faults
    }

    private func show(_ rows: [(String, Footprint)]) {
        var table = TextTable(
            columns: [
                .left(""), .right("descriptors"), .right("processes"), .right("zombies"), .right("threads"),
                .right("memory, MB"), .right("of it SQLite"),
            ]
        )
        for (name, held) in rows {
            table.append(
                TextTable.Row(
                    [name] + [held.descriptors, held.children, held.zombies, held.threads].map(String.init)
                        + [held.memory, held.pages].map { Figure.decimals(Double($0) / 1e6, 1) }
                )
            )
        }
        for line in table.lines(TerminalStyle.plain) { print(line) }
    }
}
