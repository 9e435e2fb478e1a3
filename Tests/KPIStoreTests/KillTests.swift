import Domain
import Foundation
import KPIStore
import TestSupport
import Testing

/// Real processes, killed while they append, compact, prune and checkpoint.
struct KillTests {
    private static let series = 40

    @Test func aKillLosesNothingThatWasAcknowledged() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        var random = SeededGenerator(seed: 47)
        var acknowledged: Set<Int> = []
        var next = 0
        for round in 0..<20 {
            let output = folder.file("output-\(round)")
            let lines = try await killed(
                path,
                first: next,
                output: output,
                after: UInt32.random(in: 20_000...250_000, using: &random)
            )
            acknowledged.formUnion(lines)
            next = try check(path, acknowledged) + 1
        }
        #expect(acknowledged.count > 100)
    }

    /// Batches that the child acknowledged before it was killed.
    private func killed(_ path: String, first: Int, output: String, after microseconds: UInt32) async throws -> [Int] {
        let child = try await ChildProcess(
            executable().path,
            ["ingest-child", path, "--first", "\(first)", "--series", "\(Self.series)"],
            output: output
        )
        // From the first acknowledgement on, else the kill mostly hits the start of the process.
        let deadline = Date(timeIntervalSinceNow: 20)
        while child.isRunning, (try? Data(contentsOf: URL(fileURLWithPath: output)))?.isEmpty ?? true, Date() < deadline
        {
            try await Task.sleep(for: .milliseconds(1))
        }
        try await Task.sleep(for: .microseconds(microseconds))
        child.send(SIGKILL)
        #expect(try await child.end() == 128 + SIGKILL)
        let text = try String(contentsOfFile: output, encoding: .utf8)
        // A last line without its end was not said.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { Int($0) }
    }

    /// Every acknowledged batch is there once, any other whole or not at all.
    ///
    /// - Returns: the highest number that is there.
    private func check(_ path: String, _ acknowledged: Set<Int>) throws -> Int {
        let store = try KPIStore(path: path)
        var times: [Int64]?
        for index in 0..<Self.series {
            let key = SeriesKey("kpi", labels: [Setting(name: "instance", value: "\(index)")])
            let found = try store.samples(of: key, from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: .max))
            #expect(
                found.times.indices.allSatisfy { found.values[$0] == Double(found.times[$0]) + Double(index) / 1000 }
            )
            #expect(times == nil || times == found.times)
            times = found.times
        }
        let there = times ?? []
        #expect(Set(there).count == there.count)
        #expect(acknowledged.isSubset(of: Set(there.map { Int($0) })))
        return there.last.map { Int($0) } ?? -1
    }

    /// `troupe-bench`, which is built beside the tests.
    private func executable() throws -> URL {
        let folder = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
        let arguments = CommandLine.arguments.prefix(1).map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        let found = ([folder] + arguments).map { $0.appendingPathComponent("troupe-bench") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
        return try #require(found, "troupe-bench is not beside \(folder.path)")
    }
}
