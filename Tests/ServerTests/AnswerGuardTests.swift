import Domain
import NIOCore
import NIOEmbedded
import TestSupport
import Testing

@testable import Server

/// Clients that ask and do not read.
@Suite(.inTurn)
struct AnswerGuardTests {
    private let answer = ByteBuffer(repeating: 0, count: 1000)

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: AnswerGuard(patience: .minutes(2)))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        return channel
    }

    /// What an embedded channel was not told to flush is what waits for the client.
    @Test func whoTakesNothingIsGivenUp() throws {
        let channel = try channel()
        channel.write(answer, promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(119))
        #expect(channel.isActive)
        channel.write(answer, promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func whoTakesSomethingIsWaitedFor() throws {
        let channel = try channel()
        for _ in 0..<10 {
            channel.write(answer, promise: nil)
            channel.flush()
            channel.write(answer, promise: nil)
            channel.write(answer, promise: nil)
            channel.embeddedEventLoop.advanceTime(by: .seconds(120))
            #expect(channel.isActive)
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(120))
        #expect(!channel.isActive)
    }

    @Test func whoTookAllMayStay() throws {
        let channel = try channel()
        channel.writeAndFlush(answer, promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .hours(1))
        #expect(channel.isActive)
        // The next answer has its own time.
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        channel.write(answer, promise: nil)
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        #expect(channel.isActive)
        _ = try channel.finish(acceptAlreadyClosed: true)
    }

    /// One that asks for more than the system holds for it, and reads nothing, is in the way of others for a while only.
    @Test func othersGetTheConnection() async throws {
        let configuration = ServerConfiguration(port: 0, connections: 1, patience: TimeSpan(milliseconds: 300))
        try await ServerWorld.serving(configuration) { _, port, _ in
            let greedy = try RawConnection(port: port)
            let ask = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try greedy.send(String(repeating: ask, count: 400))
            _ = try await greedy.receive(until: "HTTP/1.1 ")
            let next = try RawConnection(port: port)
            try next.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(try await next.receiveAll().hasPrefix("HTTP/1.1 200 "))
            withExtendedLifetime(greedy) {}
        }
    }
}
