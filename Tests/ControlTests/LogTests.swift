import Control
import Domain
import Foundation
import StateStore
import TestSupport
import Testing

/// The log of decisions proves itself.
@Suite(.inTurn)
struct LogTests {
    private let key = LogKey(bytes: Data(repeating: 7, count: 32))

    /// An hour and a half of decisions, sealed each minute.
    private func bench() async throws -> Bench {
        let bench = try Bench()
        try await bench.control.start()
        let log = DecisionLog(bench.store, key: key)
        for minute in 0..<90 {
            try await bench.run(.minutes(1), demand: Double(500 + minute * 10), every: .seconds(20))
            try log.seal(at: bench.clock.now)
        }
        return bench
    }

    private func faults(_ log: TamperedLog) throws -> [String] {
        try DecisionLog(log, key: key).verify().faults.map(\.message)
    }

    @Test func whatWasRecordedIsSoundAlsoAfterAKill() async throws {
        var bench = try await bench()
        var report = try DecisionLog(bench.store, key: key).verify()
        #expect(report.isSound, "\(report.faults)")
        #expect(report.decisions == (try bench.decisions().count))
        #expect(report.checkpoints == 90)
        #expect(report.sealedThrough == bench.clock.now)
        #expect(report.unsealed == 0)
        bench = try bench.killed()
        try await bench.control.start()
        try await bench.run(.minutes(2), demand: 700)
        report = try DecisionLog(bench.store, key: key).verify()
        #expect(report.isSound, "\(report.faults)")
        #expect(report.unsealed > 0)
    }

    @Test func aRunningServerSealsEachMinuteAndFirstOfAllWhatAKillLeft() async throws {
        var bench = try Bench()
        var running: Task<Void, Never>?
        try await bench.control.start()
        for minute in 1...5 {
            let before = try bench.store.lastCheckpoint()?.at
            try await bench.run(.minutes(1), demand: Double(500 + minute * 10), every: .seconds(20))
            if minute == 1 { running = Task { [upkeep = upkeep(of: bench)] in await upkeep.run() } }
            // By its own clock, which moves on until it has.
            for _ in 0..<2000 where try bench.store.lastCheckpoint()?.at == before {
                try await Task.sleep(for: .milliseconds(5))
                bench.clock.advance(.seconds(1))
            }
            let sealed = try #require(try bench.store.lastCheckpoint()?.at, "minute \(minute)")
            #expect(sealed != before)
        }
        running?.cancel()
        await running?.value
        try await bench.run(.seconds(40), demand: 700, every: .seconds(20))
        var report = try DecisionLog(bench.store, key: key).verify()
        #expect(report.isSound && report.unsealed > 0 && report.checkpoints >= 5, "\(report)")
        let sealed = report.checkpoints
        // A day later, and killed again before the first minute is over.
        bench = try bench.killed()
        bench.clock.advance(.days(1))
        await upkeep(of: bench).sealNow()
        try await bench.control.start()
        try await bench.run(.seconds(40), demand: 700, every: .seconds(20))
        report = try DecisionLog(bench.store, key: key).verify()
        #expect(report.isSound && report.unsealed > 0 && report.checkpoints == sealed + 1, "\(report)")
    }

    private func upkeep(of bench: Bench) -> StoreUpkeep {
        StoreUpkeep(
            kpis: bench.kpis,
            rollups: bench.rollups,
            state: bench.store,
            log: DecisionLog(bench.store, key: key),
            clock: bench.clock
        )
    }

    @Test func everyChangeIsFoundAndNamed() async throws {
        let bench = try await bench()
        let sound = TamperedLog(store: bench.store)
        #expect(try faults(sound).isEmpty)
        let all = try bench.decisions()
        let at = all[40].at
        var log = sound
        log.decisions = { decisions in
            var decisions = decisions
            decisions[40].reason = "I was never here"
            return decisions
        }
        #expect(try faults(log) == ["fleet shop: the decision of \(at) (number 41) is not what was recorded."])
        log.decisions = { decisions in
            var decisions = decisions
            guard let traced = decisions.firstIndex(where: { $0.trace != .digest }) else { return decisions }
            decisions[traced].trace = .full(Data("{}".utf8))
            return decisions
        }
        #expect(try faults(log).count == 1)
        log.decisions = { decisions in decisions.filter { $0.sequence != 41 } }
        let missing = try faults(log)
        #expect(missing.first?.hasPrefix("fleet shop: decisions 41 to 41 are missing, after \(all[39].at)") == true)
        log.decisions = { decisions in
            var decisions = decisions
            (decisions[40].at, decisions[41].at) = (decisions[41].at, decisions[40].at)
            return decisions
        }
        let swapped = try faults(log)
        #expect(swapped.contains { $0.contains("out of order") } && swapped.allSatisfy { $0.hasPrefix("fleet shop: ") })
        log.decisions = { $0.dropLast(5) }
        #expect(try faults(log).contains { $0.contains("are missing, after \(all[all.count - 6].at)") })
        log.decisions = { Array($0.dropFirst(10)) }
        #expect(
            try faults(log).contains { $0.hasPrefix("fleet shop: decisions 1 to 10 are missing, from the beginning") }
        )
    }

    @Test func whoHasNoKeyCannotWriteAnotherHistory() async throws {
        let bench = try await bench()
        let all = try bench.decisions()
        var log = TamperedLog(store: bench.store)
        // The end is cut off, and the head moved back with it.
        log.decisions = { $0.dropLast(5) }
        log.heads = { heads in
            heads.map { LogHead(fleet: $0.fleet, length: Int64(all.count - 5), head: all[all.count - 6].link) }
        }
        #expect(try faults(log).contains { $0.hasPrefix("fleet shop: ") && $0.contains("missing") })
        // Seals that were left out, changed, or all taken away.
        log = TamperedLog(
            store: bench.store,
            seals: { seals in seals.enumerated().filter { $0.offset != 30 }.map(\.element) }
        )
        #expect(try faults(log).contains { $0.contains("are missing or out of order") })
        log = TamperedLog(store: bench.store, seals: { Array($0.dropFirst(20)) })
        #expect(try faults(log).contains { $0.hasPrefix("all fleets: the checkpoints before ") })
        log = TamperedLog(store: bench.store, seals: { _ in [] })
        #expect(try faults(log).contains { $0.contains("are not sealed") })
        log = TamperedLog(
            store: bench.store,
            seals: { seals in
                var seals = seals
                seals[10].headsDigest = Data(count: 32)
                return seals
            }
        )
        #expect(try faults(log).contains { $0.contains("was changed, or sealed with another key") })
        let other = LogKey(bytes: Data(count: 32))
        #expect(try !DecisionLog(bench.store, key: other).verify().isSound)
        // A fleet that is gone from the log altogether.
        log = TamperedLog(store: bench.store, heads: { _ in [] })
        #expect(try faults(log).contains { $0.hasPrefix("fleet shop: all its decisions are missing") })
    }

    @Test func retentionBeginsAnewAtACheckpoint() async throws {
        let bench = try await bench()
        let log = DecisionLog(bench.store, key: key)
        let before = try bench.decisions().count
        let removed = try log.prune(before: bench.clock.now - .minutes(20))
        #expect(removed > 0 && removed < before)
        let report = try log.verify()
        #expect(report.isSound, "\(report.faults)")
        #expect(report.decisions == before - removed)
        // What lies behind the new beginning is still proven.
        var cut = TamperedLog(store: bench.store)
        cut.decisions = { Array($0.dropFirst(3)) }
        #expect(try faults(cut).contains { $0.contains("are missing") })
        cut = TamperedLog(store: bench.store, seals: { Array($0.dropFirst(1)) })
        #expect(try !faults(cut).isEmpty)
        try await bench.run(.minutes(1), demand: 700)
        #expect(try log.verify().isSound)
    }

    @Test func aKeyIsMadeOnceAndRefusedWhenItIsNone() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: LogKey.Unusable.self) { try LogKey(in: folder.path) }
        #expect(missing?.description.contains("there is no key") == true)
        _ = try LogKey.ensure(in: folder.path)
        let first = FileManager.default.contents(atPath: folder.file("log-key"))
        _ = try LogKey.ensure(in: folder.path)
        #expect(first?.count == 32 && FileManager.default.contents(atPath: folder.file("log-key")) == first)
        let mode =
            try FileManager.default.attributesOfItem(atPath: folder.file("log-key"))[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        try Data("short".utf8).write(to: URL(filePath: folder.file("log-key")))
        let short = #expect(throws: LogKey.Unusable.self) { try LogKey(in: folder.path) }
        #expect(short?.description.contains("a key has 32 bytes, this has 5") == true)
    }
}
