import Foundation
import Testing

import class TestSupport.TemporaryFolder

@testable import Agent

struct SpoolTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(limit: Int = 1 << 20) throws(SpoolError) -> Spool {
        try Spool(directory: folder.path, limitBytes: limit)
    }

    private func body(_ number: Int, bytes: Int = 100) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
    }

    /// Takes all that is there, in order.
    private func drain(_ spool: Spool) throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        while let record = try spool.first() {
            bodies.append(record.body)
            try spool.acknowledge(record)
        }
        return bodies
    }

    @Test func firstInFirstOut() throws {
        let spool = try open()
        for number in 0..<100 { try spool.append(body(number), samples: 3) }
        #expect(spool.statistics.pendingRecords == 100 && spool.statistics.pendingSamples == 300)
        #expect(try drain(spool) == (0..<100).map { body($0) })
        #expect(spool.statistics.pendingSamples == 0)
        #expect(try spool.first() == nil)
    }

    @Test func whatIsNotAcknowledgedStays() throws {
        let spool = try open()
        try spool.append(body(1), samples: 1)
        #expect(try spool.first()?.body == body(1))
        #expect(try spool.first()?.body == body(1))
    }

    @Test func survivesARestartAtEveryPoint() throws {
        var expected: [Int] = []
        var number = 0
        var random = SeededGenerator(seed: 21)
        for _ in 0..<60 {
            let spool = try open(limit: 64 << 10)
            #expect(try spool.first()?.body == expected.first.map { body($0) })
            #expect(
                spool.statistics.pendingRecords == expected.count
                    && spool.statistics.pendingSamples == 2 * expected.count
            )
            for _ in 0..<Int.random(in: 0...9, using: &random) {
                try spool.append(body(number), samples: 2)
                expected.append(number)
                number += 1
            }
            for _ in 0..<min(expected.count, Int.random(in: 0...8, using: &random)) {
                let record = try #require(try spool.first())
                #expect(record.body == body(expected.removeFirst()))
                try spool.acknowledge(record)
            }
            #expect(spool.statistics.damagedBytes == 0 && spool.statistics.droppedSamples == 0)
        }
    }

    /// A crash in the middle of a write leaves any number of the last record's bytes.
    @Test func aTornRecordIsCutOff() throws {
        var whole = 0
        do {
            let spool = try open()
            try spool.append(body(1), samples: 1)
            whole = spool.statistics.bytes
            try spool.append(body(2), samples: 1)
        }
        let file = try #require(try folder.files(suffix: ".spool").first)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        for length in whole..<bytes.count {
            try bytes.prefix(length).write(to: URL(fileURLWithPath: file))
            do {
                let spool = try open()
                #expect(spool.statistics.damagedBytes == length - whole)
                #expect(spool.statistics.pendingRecords == 1)
                try spool.append(body(3), samples: 1)
                #expect(try spool.first()?.body == body(1))
            }
            let spool = try open()
            #expect(spool.statistics.pendingRecords == 2 && spool.statistics.damagedBytes == 0)
        }
    }

    @Test func aDamagedRecordIsNeverOffered() throws {
        do {
            let spool = try open()
            for number in 0..<5 { try spool.append(body(number), samples: 1) }
        }
        let file = URL(fileURLWithPath: try #require(try folder.files(suffix: ".spool").first))
        let bytes = try Data(contentsOf: file)
        let valid = Set((0..<5).map { body($0) })
        var random = SeededGenerator(seed: 4)
        for _ in 0..<300 {
            var mutated = bytes
            mutated[Int.random(in: 0..<mutated.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            try mutated.write(to: file)
            try? FileManager.default.removeItem(atPath: folder.path + "/delivered")
            let found = try drain(open())
            #expect(found.count < 5 && found.allSatisfy { valid.contains($0) })
        }
    }

    @Test func aFullRingDropsTheOldestAndCountsThem() throws {
        let limit = 64 << 10
        let spool = try open(limit: limit)
        for number in 0..<1000 {
            try spool.append(body(number, bytes: 500), samples: 7)
            #expect(spool.statistics.bytes <= limit)
        }
        let kept = spool.statistics.pendingRecords
        #expect(kept > 90 && spool.statistics.droppedSamples == (1000 - kept) * 7)
        #expect(try drain(spool) == (1000 - kept..<1000).map { body($0, bytes: 500) })
    }

    @Test func aBatchThatWasDroppedMeanwhileIsAcknowledgedWithoutHarm() throws {
        let spool = try open(limit: 64 << 10)
        try spool.append(body(0, bytes: 500), samples: 1)
        let first = try #require(try spool.first())
        for number in 1..<1000 { try spool.append(body(number, bytes: 500), samples: 1) }
        let pending = spool.statistics.pendingRecords
        try spool.acknowledge(first)
        #expect(spool.statistics.pendingRecords == pending)
    }

    @Test func aFileThatIsGoneHoldsNothingUp() throws {
        let spool = try open(limit: 64 << 10)
        for number in 0..<60 { try spool.append(body(number, bytes: 500), samples: 1) }
        let files = try folder.files(suffix: ".spool")
        #expect(files.count > 2)
        try FileManager.default.removeItem(atPath: files[0])
        let found = try drain(spool)
        #expect(found.last == body(59, bytes: 500) && found.count == 60 - spool.statistics.droppedSamples)
        #expect(found.count > 30 && spool.statistics.pendingRecords == 0)
    }

    @Test func aBatchLargerThanTheRingIsRefused() throws {
        let spool = try open(limit: 64 << 10)
        #expect(throws: SpoolError.self) { try spool.append(body(0, bytes: 10_000), samples: 5) }
        #expect(spool.statistics.droppedSamples == 5)
    }

    @Test func deliveredFilesGo() throws {
        let spool = try open(limit: 1 << 20)
        for round in 0..<50 {
            for number in 0..<40 { try spool.append(body(round * 40 + number, bytes: 1000), samples: 1) }
            _ = try drain(spool)
        }
        #expect(spool.statistics.bytes < 200_000)
        #expect(try folder.files(suffix: ".spool").count <= 2)
    }

    @Test func aSmallerLimitKeepsWhatFits() throws {
        do {
            let spool = try open(limit: 8 << 20)
            for number in 0..<300 { try spool.append(body(number, bytes: 20_000), samples: 1) }
        }
        let spool = try open(limit: 256 << 10)
        #expect(spool.statistics.damagedBytes == 0 && spool.statistics.pendingRecords == 300)
        try spool.append(body(300), samples: 1)
        let found = try drain(spool)
        #expect(found.last == body(300) && found.count + spool.statistics.droppedSamples == 301)
    }

    @Test func oneAgentPerFolder() throws {
        let first = try open()
        #expect(throws: SpoolError.self) { try open() }
        withExtendedLifetime(first) {}
    }

    @Test func aFolderThatCannotBeIsNamed() {
        #expect(throws: SpoolError.self) { try Spool(directory: "/proc/none/here", limitBytes: 1 << 20) }
    }
}
