import Foundation

/// Those who use a server until it is gone: writers of samples, and one person who assigns and releases personas.
struct KillClients {
    private let threads: [WorkerThreads]

    init(_ server: ServerProcess, _ ledger: KillLedger, connections: Int) {
        let writers = WorkerThreads(connections) {
            Self.untilTheEnd(of: server, ledger) { try Self.write($0, $1, ledger) }
        }
        let person = WorkerThreads(1) {
            Self.untilTheEnd(of: server, ledger) { try Self.assign($0, $1, ledger) }
        }
        threads = [writers, person]
    }

    func wait() { for thread in threads { thread.wait() } }

    private static func untilTheEnd(
        of server: ServerProcess,
        _ ledger: KillLedger,
        _ body: (PlainHTTP, [(String, String)]) throws -> Void
    ) {
        guard let port = server.port, let token = try? server.token(), let connection = try? PlainHTTP(port: port)
        else {
            return
        }
        do {
            while true { try body(connection, [("Authorization", "Bearer \(token)")]) }
        } catch let error as Refused {
            ledger.note("\(error)")
        } catch {
            // The kill.
        }
    }

    private static func write(_ connection: PlainHTTP, _ token: [(String, String)], _ ledger: KillLedger) throws {
        let (number, body) = ledger.batch()
        let headers = token + [("Content-Type", "application/x-protobuf"), ("Content-Encoding", "snappy")]
        let answer = try connection.send("POST", "/api/v1/write", headers: headers, body: body)
        guard answer.status == 204 else { throw Refused(answer: answer) }
        ledger.acknowledge(number)
    }

    /// Assigns a persona for a while, and takes every other one back.
    private static func assign(_ connection: PlainHTTP, _ token: [(String, String)], _ ledger: KillLedger) throws {
        let listed = try json(try connection.send("GET", "/v1/resources?limit=3", headers: token))
        let resources = (listed["resources"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
        for (index, resource) in resources.enumerated() {
            let reason = ledger.reason()
            let body =
                "{\"persona\":\"\(index % 2 == 0 ? "two" : "one")\",\"duration\":\"\(index + 1)h\",\"reason\":\"\(reason)\"}"
            let headers = token + [("Content-Type", "application/json")]
            let path = "/v1/resources/\(resource)/persona"
            let made = try json(try connection.send("PUT", path, headers: headers, body: Array(body.utf8)))
            ledger.note(KillLedger.Change(resource: resource, reason: reason, until: made["until"] as? String))
            guard index % 2 == 0 else { continue }
            _ = try json(try connection.send("DELETE", path, headers: token))
            ledger.noteRelease(of: reason)
        }
        usleep(5000)
    }

    private static func json(_ answer: PlainHTTP.Answer) throws -> [String: Any] {
        guard answer.status == 200, let json = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        else {
            throw Refused(answer: answer)
        }
        return json
    }

    /// The server was there and did not do it.
    private struct Refused: Error, CustomStringConvertible {
        var answer: PlainHTTP.Answer
        var description: String { "\(answer.status) \(String(decoding: answer.body, as: UTF8.self))" }
    }
}
