import Domain
import Foundation
import StateStore
import TestSupport
import Testing

/// What has to do with the file: crashes, strangers, damage.
struct StateStoreFileTests {
    @Test func theFileIsForItsOwnerOnly() throws {
        let folder = try TemporaryFolder()
        let store = try StateStore(path: folder.file("state.db"))
        try store.record(batch(1))
        for name in ["state.db", "state.db-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    @Test func whatWasRecordedSurvivesACrash() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        let store = try StateStore(path: path)
        for step in 1...20 {
            try store.record(batch(Int64(step)))
            let crash = try TemporaryFolder()
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: crash.file("state.db" + suffix))
            }
            let found = try StateStore(path: crash.file("state.db"))
            let all = try found.decisions(
                of: "storefront",
                from: Timestamp(milliseconds: 0),
                to: Timestamp(milliseconds: .max),
                limit: 100,
                latest: false
            )
            #expect(all.map(\.at.milliseconds) == Array(1...Int64(step)))
            #expect(try found.policyState(of: "storefront", policy: "p")?.at.milliseconds == Int64(step))
        }
    }

    @Test func twoOpenersShareIt() throws {
        let folder = try TemporaryFolder()
        let one = try StateStore(path: folder.file("state.db"))
        let other = try StateStore(path: folder.file("state.db"))
        try one.record(batch(1))
        try other.record(batch(2))
        #expect(try one.latestDecisions() == other.latestDecisions())
    }

    @Test func whatIsNoDatabaseIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        try String(repeating: "Dear diary, ", count: 1000).write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: StateStoreError.self) { try StateStore(path: path) }
        #expect(error?.code == .corrupt)
        let missing = #expect(throws: StateStoreError.self) { try StateStore(path: "/nonexistent-folder/state.db") }
        #expect(missing?.code == .cannotOpen)
    }

    @Test func aNewerFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        _ = try StateStore(path: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        while let range = bytes.range(of: Data("002 assignments".utf8)) {
            bytes.replaceSubrange(range, with: Data("902 assignments".utf8))
        }
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StateStoreError.self) { try StateStore(path: path) }
        #expect(error?.code == .newer)
        #expect(
            error?.description
                == "\(path): a newer Troupe wrote this database. Use that Troupe or a later one; this one leaves the file as it is."
        )
    }

    @Test func theFileOfAnotherProgramIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("state.db")
        _ = try StateStore(path: path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // The application id.
        bytes.replaceSubrange(68..<72, with: [0, 0, 0, 0])
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StateStoreError.self) { try StateStore(path: path) }
        #expect(error?.code == .foreign)
    }

    // MARK: Help

    private func batch(_ time: Int64) -> EvaluationBatch {
        let at = Timestamp(milliseconds: time)
        return EvaluationBatch(
            decisions: [
                StoredDecision(
                    fleet: "storefront",
                    at: at,
                    outcome: "hold",
                    current: 1,
                    target: 1,
                    reason: "nothing to do",
                    inputDigest: "d",
                    trace: .full(Data([1, 2, 3]))
                )
            ],
            policyStates: [PolicyState(fleet: "storefront", policy: "p", at: at, state: Data([UInt8(time)]))]
        )
    }
}
