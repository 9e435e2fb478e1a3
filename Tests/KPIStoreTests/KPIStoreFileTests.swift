import Domain
import Foundation
import KPIStore
import TestSupport
import Testing

/// What has to do with the file: crashes, strangers, damage, limits.
struct KPIStoreFileTests {
    let key = SeriesKey("request_rate")

    @Test func theFileIsForItsOwnerOnly() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        let store = try KPIStore(path: path)
        try store.append(1, to: key, at: at(0))
        for name in ["kpi.db", "kpi.db-wal", "kpi.db.lock"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    /// What a kill leaves is the database and a write-ahead log that nobody has checkpointed.
    @Test func acknowledgedBatchesSurviveACrashAtAnyStep() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        let store = try KPIStore(path: path)
        var expected: [Int64] = []
        for step in 0..<12 {
            for k in 0..<50 {
                let time = Int64(step * 50 + k) * 1000
                try store.append(Double(k), to: key, at: at(time))
                expected.append(time)
            }
            if step % 3 == 1 { try store.compact(upTo: at(expected[expected.count - 20])) }
            if step == 6 { try store.checkpoint() }

            let crash = try TemporaryFolder()
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: crash.file("kpi.db" + suffix))
            }
            let found = try KPIStore(path: crash.file("kpi.db"))
            #expect(try found.samples(of: key, from: at(0), to: at(.max)).times == expected)
            try found.compact(upTo: at(.max))
            #expect(try found.samples(of: key, from: at(0), to: at(.max)).times == expected)
        }
    }

    /// A torn end of the write-ahead log is an append that was never acknowledged.
    @Test func aTornLogLosesNothingButItsEnd() throws {
        let folder = try TemporaryFolder()
        let store = try KPIStore(path: folder.file("kpi.db"))
        try store.append(1, to: key, at: at(1))
        try store.append(2, to: key, at: at(2))
        let wal = try Data(contentsOf: URL(fileURLWithPath: folder.file("kpi.db-wal")))
        let crash = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: folder.file("kpi.db"), toPath: crash.file("kpi.db"))
        try wal.dropLast(100).write(to: URL(fileURLWithPath: crash.file("kpi.db-wal")))
        let found = try KPIStore(path: crash.file("kpi.db"))
        #expect(try found.samples(of: key, from: at(0), to: at(.max)).values == [1])
    }

    @Test func aSecondOpenerIsRefused() throws {
        let folder = try TemporaryFolder()
        var store: KPIStore? = try KPIStore(path: folder.file("kpi.db"))
        let error = #expect(throws: KPIStoreError.self) { try KPIStore(path: folder.file("kpi.db")) }
        #expect(error?.code == .locked)
        #expect(
            error?.description.contains("kpi.db: another Troupe has this store open. Stop the other process") == true
        )
        try store?.append(1, to: key, at: at(0))
        store = nil
        store = try KPIStore(path: folder.file("kpi.db"))
        #expect(try store?.latest(of: key, atOrBefore: at(0))?.value == 1)
    }

    @Test func whatIsNoDatabaseIsRefusedAndLeftAlone() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        let text = String(repeating: "Dear diary, ", count: 1000)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: KPIStoreError.self) { try KPIStore(path: path) }
        #expect(error?.code == .corrupt)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }

    @Test func aMissingFolderIsNamed() throws {
        let error = #expect(throws: KPIStoreError.self) { try KPIStore(path: "/nonexistent-folder/kpi.db") }
        #expect(error?.code == .cannotOpen)
        #expect(error?.location == "/nonexistent-folder/kpi.db")
    }

    @Test func aNewerFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        try KPIStore(path: path).checkpoint()
        try replace("001 log and chunks", with: "901 log and chunks", in: path)
        let error = #expect(throws: KPIStoreError.self) { try KPIStore(path: path) }
        #expect(error?.code == .newer)
    }

    @Test func theFileOfAnotherProgramIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        try KPIStore(path: path).checkpoint()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // The application id.
        bytes.replaceSubrange(68..<72, with: [0, 0, 0, 7])
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: KPIStoreError.self) { try KPIStore(path: path) }
        #expect(error?.code == .foreign)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    /// Every page of a compacted store overwritten in turn: an error or the right answer, never a wrong one.
    @Test func damageIsNoticed() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        let expected: [Double]
        do {
            let store = try KPIStore(path: path)
            var random = SeededGenerator(seed: 3)
            expected = Shape.latency.values(20_000, &random)
            try store.append(expected.enumerated().map { Sample(at: at(Int64($0) * 1000), value: $1) }, to: key)
            try store.compact(upTo: at(.max))
            try store.checkpoint()
        }
        let good = try Data(contentsOf: URL(fileURLWithPath: path))
        var random = SeededGenerator(seed: 5)
        var noticed = 0
        for start in stride(from: 0, to: good.count, by: 4096) {
            var bad = good
            for index in start + 1000..<min(good.count, start + 1040) {
                bad[index] = UInt8.random(in: 0...255, using: &random)
            }
            let copy = try TemporaryFolder()
            try bad.write(to: URL(fileURLWithPath: copy.file("kpi.db")))
            do throws(KPIStoreError) {
                let values = try KPIStore(path: copy.file("kpi.db")).samples(of: key, from: at(0), to: at(.max)).values
                #expect(values.isEmpty || values == expected)
            } catch {
                #expect(error.code == .corrupt, "\(error)")
                noticed += 1
            }
        }
        #expect(noticed > 3)
    }

    @Test func aFullStoreSaysSoAndGoesOn() throws {
        let folder = try TemporaryFolder()
        let store = try KPIStore(path: folder.file("kpi.db"), maximumBytes: 40 * 8192)
        var random = SeededGenerator(seed: 13)
        var written: [Int64] = []
        var full: KPIStoreError?
        var time: Int64 = 0
        while full == nil, time < 1_000_000_000 {
            let samples = Shape.anyBits.values(2000, &random)
                .map { value in
                    time += 1000
                    return Sample(at: at(time), value: value)
                }
            do {
                try store.append(samples, to: key)
                written += samples.map(\.at.milliseconds)
            } catch {
                full = error
            }
        }
        #expect(full?.code == .diskFull)
        #expect(try store.samples(of: key, from: at(0), to: at(.max)).times == written)
        // No room to compact either; nothing is lost by trying.
        _ = try? store.compact(upTo: at(.max))
        #expect(try store.samples(of: key, from: at(0), to: at(.max)).times == written)
        try store.append(1, to: key, at: at(time + 1))
        #expect(try store.latest(of: key, atOrBefore: at(.max))?.value == 1)
    }

    /// Some series are in chunks and in the log, as after a kill amid a compaction: the log's word holds, and nothing counts twice.
    @Test func aCompactionCutShortIsTakenUpAgain() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("kpi.db")
        let keys = (0..<400).map { SeriesKey("kpi", labels: [Setting(name: "instance", value: "\($0)")]) }
        let points = 40
        var random = SeededGenerator(seed: 19)
        // The first 256, which are compacted in one transaction, take no room in chunks; the others more than there is.
        var model = keys.indices.map {
            $0 < 256 ? [Double](repeating: 7, count: points) : Shape.anyBits.values(points, &random)
        }
        func check(_ store: KPIStore) throws {
            for (index, key) in keys.enumerated() {
                let found = try store.samples(of: key, from: at(0), to: at(.max))
                #expect(found.times == (0..<points).map { Int64($0) * 1000 })
                #expect(found.values.map(\.bitPattern) == model[index].map(\.bitPattern))
            }
        }
        do {
            let roomy = try KPIStore(path: path)
            var batch = SampleBatch()
            for (index, id) in try roomy.intern(keys).enumerated() {
                for point in 0..<points { batch.append(id, at: Int64(point) * 1000, value: model[index][point]) }
            }
            try roomy.append(batch)
            try roomy.checkpoint()
        }
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
            let tight = try KPIStore(path: path, maximumBytes: try #require(size).intValue + 6 * 8192)
            let error = #expect(throws: KPIStoreError.self) { try tight.compact(upTo: at(.max)) }
            #expect(error?.code == .diskFull)
            #expect(try tight.statistics().chunks == 256)
            #expect(try tight.statistics().logSamples == keys.count * points)
            try check(tight)
            // Newer than what the chunks say already.
            try tight.append(8, to: keys[0], at: at(3000))
            model[0][3] = 8
            try check(tight)
        }
        let found = try KPIStore(path: path)
        try check(found)
        try found.compact(upTo: at(.max))
        try check(found)
        #expect(try found.statistics().chunkSamples == keys.count * points)
        #expect(try found.statistics().logSamples == 0)
    }

    @Test func compactionMakesItSmall() throws {
        let folder = try TemporaryFolder()
        let store = try KPIStore(path: folder.file("kpi.db"))
        let shapes: [Shape] = [.gauge, .gauge, .counter, .counter, .latency, .gauge, .errorRate, .gauge]
        let ids = try store.intern(
            (0..<80)
                .map { index in
                    SeriesKey(
                        "request_latency_p99_ms",
                        labels: [
                            Setting(name: "fleet", value: "fleet-0"), Setting(name: "instance", value: "web-\(index)"),
                        ]
                    )
                }
        )
        var random = SeededGenerator(seed: 17)
        let columns = ids.indices.map { shapes[$0 % shapes.count].values(500, &random) }
        for point in 0..<500 {
            var batch = SampleBatch()
            for index in ids.indices {
                batch.append(ids[index], at: Int64(point) * 10_000, value: columns[index][point])
            }
            try store.append(batch)
        }
        let before = try store.statistics()
        #expect(before.logSamples == 40_000 && before.chunkSamples == 0 && before.logBatches == 500)
        let report = try store.compact(upTo: at(.max))
        #expect(report.samples == 40_000 && report.series == 80 && report.chunksWritten == 80 && report.remaining == 0)
        try store.checkpoint()
        let after = try store.statistics()
        #expect(after.samples == 40_000 && after.logSamples == 0 && after.series == 80)
        // The entropy of these values is 1.2 bytes each; the tables' own pages weigh more than the data here.
        #expect(after.chunkBytes * 10 < after.samples * 15)
        #expect(after.fileBytes * 2 < before.fileBytes)
        #expect(try store.compact(upTo: at(.max)) == CompactionReport())
    }

    /// Threads append, one compacts, one reads: in the end all is there, and no reader ever missed what was acknowledged before.
    @Test func appendsReadsAndCompactionAtOnce() async throws {
        let folder = try TemporaryFolder()
        let store = try KPIStore(path: folder.file("kpi.db"))
        let writers = 4
        let batches = 60
        try await withThrowingTaskGroup { group in
            for writer in 0..<writers {
                group.addTask {
                    let key = SeriesKey("kpi", labels: [Setting(name: "writer", value: "\(writer)")])
                    let shared = try store.intern([key, SeriesKey("shared")])
                    for step in 0..<batches {
                        var batch = SampleBatch()
                        for k in 0..<10 { batch.append(shared[0], at: Int64(step * 10 + k), value: Double(step)) }
                        batch.append(shared[1], at: Int64(step * writers + writer), value: Double(writer))
                        try store.append(batch)
                        let seen = try store.samples(of: key, from: at(0), to: at(.max)).count
                        #expect(seen == (step + 1) * 10)
                    }
                }
            }
            group.addTask {
                for round in 0..<30 { try store.compact(upTo: round % 2 == 0 ? at(.max) : at(Int64(round * 10))) }
            }
            try await group.waitForAll()
        }
        #expect(try store.samples(of: SeriesKey("shared"), from: at(0), to: at(.max)).count == writers * batches)
        try store.compact(upTo: at(.max))
        #expect(try store.statistics().chunkSamples == writers * batches * 11)
    }

    // MARK: Help

    func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private func replace(_ old: String, with new: String, in path: String) throws {
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        while let range = bytes.range(of: Data(old.utf8)) { bytes.replaceSubrange(range, with: Data(new.utf8)) }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}
