import Agent
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

struct HTTPClientTests {
    /// A channel that closes before the request reaches it has no handlers any more that could tell.
    @Test func everyRequestEndsWhateverTheConnectionDoes() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { $0.close() }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let client = HTTPClient(
            try HTTPAddress("http://127.0.0.1:\(port)"),
            group: group,
            tls: nil,
            userAgent: "test"
        )
        await withTaskGroup(of: Bool.self) { tasks in
            for number in 0..<60 {
                tasks.addTask {
                    let request = Task {
                        try await client.send(HTTPQuery(.POST, "/", body: [1]), timeoutMs: 60_000, mostBytes: 10)
                    }
                    if number % 3 == 0 { request.cancel() }
                    if case .failure = await request.result { return true }
                    return false
                }
            }
            for await hasFailed in tasks { #expect(hasFailed) }
        }
        try await listener.close()
    }
}
