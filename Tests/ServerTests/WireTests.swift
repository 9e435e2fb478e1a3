import Domain
import Foundation
import StateStore
import TestSupport
import Testing

@testable import Server

/// HTTP as clients speak it that are slow, old, hasty or no clients at all.
@Suite(.inTurn)
struct WireTests {
    private static let body = #"{"persona":"low-latency"}"#

    private func head(_ world: ServerWorld, _ line: String, _ fields: [String]) -> String {
        let fields = ["Host: localhost", "Authorization: Bearer \(world.tokens[.admin] ?? "")"] + fields
        return ([line] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    private func assignment(_ world: ServerWorld, _ fields: [String] = []) -> String {
        head(
            world,
            "PUT /v1/resources/web-1/persona HTTP/1.1",
            ["Content-Type: application/json", "Content-Length: \(Self.body.utf8.count)"] + fields
        )
    }

    @Test func whoAsksBeforeSendingABodyIsToldToGoOn() async throws {
        let world = try ServerWorld()
        try await world.testSocket { port in
            let connection = try RawConnection(port: port)
            try connection.send(assignment(world, ["Expect: 100-continue"]))
            #expect(try await connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try connection.send(Self.body)
            #expect(try await connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
            // The next one does not ask.
            try connection.send(assignment(world) + Self.body)
            #expect(try await connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        }
    }

    /// A request that waits for leave behind another gets it after that one's answer, not within it.
    @Test func leaveToSendComesInItsOrder() async throws {
        let world = try ServerWorld()
        try await world.testSocket { port in
            let connection = try RawConnection(port: port)
            try connection.send(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + assignment(world, ["Expect: 100-continue"])
            )
            let first = try await connection.receive(until: "100 Continue\r\n\r\n")
            #expect(first.hasPrefix("HTTP/1.1 200 "))
            #expect(first.hasSuffix("}HTTP/1.1 100 Continue\r\n\r\n"))
            try connection.send(Self.body)
            #expect(try await connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func requestsThatComeTogetherAreAnsweredInTheirOrder() async throws {
        let world = try ServerWorld()
        try await world.testSocket { port in
            let connection = try RawConnection(port: port)
            let paths = ["/healthz", "/v1/nowhere", "/v1/fleets", "/readyz"]
            let requests = paths.map {
                head(world, "GET \($0) HTTP/1.1", ["X-Request-Id: ask\($0.replacing("/", with: "-"))"])
            }
            try connection.send(requests.joined() + head(world, "GET /healthz HTTP/1.1", ["Connection: close"]))
            let all = try await connection.receiveAll()
            #expect(all.components(separatedBy: "HTTP/1.1 200 ").count == 5)
            let places = paths.compactMap { path in
                all.range(of: "X-Request-Id: ask\(path.replacing("/", with: "-"))")?.lowerBound
            }
            #expect(places.count == paths.count && places == places.sorted())
        }
    }

    /// A body that trickles in is given up with an answer, whatever trickles, and the room that it took is free again.
    @Test func aBodyThatDoesNotComeIsGivenUp() async throws {
        let world = try ServerWorld(ServerConfiguration(port: 0, patience: TimeSpan(milliseconds: 300)))
        try await world.testSocket { port in
            let connection = try RawConnection(port: port)
            let fields = [
                "Content-Type: application/x-protobuf", "Content-Encoding: snappy", "Content-Length: 1000000",
            ]
            try connection.send(head(world, "POST /api/v1/write HTTP/1.1", fields) + "a")
            let answer = try await connection.receiveAll()
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("application/problem+json") && answer.contains("/api/v1/write"))
            let deadline = ContinuousClock.now + .seconds(10)
            while try await metric("troupe_ingest_queue_bytes", world, port) != "0", ContinuousClock.now < deadline {}
            #expect(try await metric("troupe_ingest_queue_bytes", world, port) == "0")
        }
    }

    /// Nor does a head that does not come hold a connection: they are few, and it needs no token to begin one.
    @Test(
        arguments: ["", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"],
        ["G", "GET /healthz HTTP/1.1\r\nHost: localh"]
    )
    func aHeadThatDoesNotComeIsGivenUp(after whole: String, _ begun: String) async throws {
        let world = try ServerWorld(ServerConfiguration(port: 0, patience: TimeSpan(milliseconds: 300)))
        try await world.testSocket { port in
            let connection = try RawConnection(port: port)
            if !whole.isEmpty {
                try connection.send(whole)
                _ = try await connection.receive(until: "HTTP/1.1 200 ")
            }
            try connection.send(begun)
            #expect(try await connection.receiveAll().contains("HTTP/1.1 408 "))
        }
    }

    private func metric(_ name: String, _ world: ServerWorld, _ port: Int) async throws -> String? {
        let connection = try RawConnection(port: port)
        try connection.send(head(world, "GET /metrics HTTP/1.1", ["Connection: close"]))
        let line = try await connection.receiveAll().split(separator: "\n").first { $0.hasPrefix(name + " ") }
        return line?.split(separator: " ").last.map(String.init)
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET /healthz HTTP/9.9\r\n\r\n", "GET /healthz HTTP/1.1\r\nNo colon\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n",
        "POST /api/v1/write HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /api/v1/write HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}\r\n\r\n",
    ])
    func whatIsNoHTTPIsAnsweredAndTheConnectionEnds(_ text: String) async throws {
        try await ServerWorld()
            .testSocket { port in
                let connection = try RawConnection(port: port)
                try connection.send(text)
                let answer = try await connection.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
                #expect(answer.contains("application/problem+json"), "\(answer)")
            }
    }

    @Test func oldClientsHearTheEnd() async throws {
        try await ServerWorld()
            .testSocket { port in
                for line in [
                    "GET /healthz HTTP/1.0\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
                ] {
                    let connection = try RawConnection(port: port)
                    try connection.send(line)
                    #expect(try await connection.receiveAll().contains(" 200 "))
                }
            }
    }

    /// A body that ends early is not a shorter one: nothing of it is done.
    @Test func aConnectionThatBreaksWithinABodyChangesNothing() async throws {
        let world = try ServerWorld()
        try await world.testSocket { port in
            for _ in 0..<20 {
                let connection = try RawConnection(port: port)
                try connection.send(assignment(world) + Self.body.dropLast(3))
            }
            let connection = try RawConnection(port: port)
            try connection.send(head(world, "GET /v1/audit HTTP/1.1", ["Connection: close"]))
            #expect(try await connection.receiveAll().contains("\"entries\":[]"))
        }
    }

    @Test func manyConnectionsAreServed() async throws {
        let world = try ServerWorld()
        try await world.testSocket { port in
            let connections = try (0..<300).map { _ in try RawConnection(port: port) }
            for connection in connections { try connection.send(head(world, "GET /v1/fleets HTTP/1.1", [])) }
            for connection in connections {
                #expect(try await connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
            }
        }
    }
}
