import Foundation
import GRDB
import TestSupport
import Testing

/// What `troupe log verify` says of a server that was killed, and of a log that somebody has been at.
@Suite(.inTurn)
struct SealedLogTests {
    @Test func aKillLeavesWhatIsNotSealedYetAndNoDamage() async throws {
        let folder = try TemporaryFolder()
        let data = folder.file("data")
        for round in 1...2 {
            let server = try await RunningServer(data: data)
            try await waitForDecisions(in: data, more: round)
            try await server.kill()
            // It names a port that nobody listens on any more.
            try FileManager.default.removeItem(atPath: data + "/address")
            let ended = try await CommandLineTool.run(["log", "verify", "--data", data])
            #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
            #expect(ended.output.contains("sound"), "\(ended.output)")
        }
        // The second server has sealed what the first one left; what it decided itself is not sealed yet.
        let state = data + "/state.db"
        let (decisions, checkpoints) = try count(state)
        #expect(decisions >= 2 && checkpoints >= 1)
        let report = try CommandLineTool.json(
            try await CommandLineTool.run(["log", "verify", "--data", data, "--json"])
        )
        #expect(report["is_sound"] as? Bool == true)
        #expect((report["unsealed"] as? Int ?? 0) > 0, "\(report)")
        let said = try await CommandLineTool.run(["log", "verify", "--data", data])
        #expect(said.output.contains("since are not sealed yet"), "\(said.output)")

        // Somebody writes into what is sealed.
        try await DatabaseQueue(path: state)
            .write { db in
                try db.execute(sql: "UPDATE decision SET reason = 'I was never here' WHERE sequence = 1")
            }
        let found = try await CommandLineTool.run(["log", "verify", "--data", data])
        #expect(found.status == 1)
        #expect(found.output.contains("(number 1) is not what was recorded"), "\(found.output)")
    }

    private func count(_ path: String) throws -> (decisions: Int, checkpoints: Int) {
        try DatabaseQueue(path: path)
            .read { db in
                (
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM decision") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM log_checkpoint") ?? 0
                )
            }
    }

    /// A server decides as soon as it runs.
    private func waitForDecisions(in data: String, more: Int) async throws {
        for _ in 0..<6000 where try count(data + "/state.db").decisions < more {
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
