import Domain
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import KPIStore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Server

/// A time that tests set.
final class TestTime: Sendable {
    private let time = Mutex(FakeControlPlane.start)

    var now: Timestamp { time.withLock { $0 } }
    func advance(by span: TimeSpan) { time.withLock { $0 = $0 + span } }
}

/// Counts what is handed on, and holds the receiver up where a test wants that.
final class TestSink: ArrivalSink {
    let samples = Mutex(0)
    let hold = Mutex<DispatchSemaphore?>(nil)

    func ingest(_ batch: SampleBatch) {
        samples.withLock { $0 += batch.count }
        hold.withLock { $0 }?.wait()
    }
}

/// A server with real stores in a folder, a fake control plane, and a token of each scope.
struct ServerWorld: Sendable {
    let folder: TemporaryFolder
    let control = FakeControlPlane()
    let time = TestTime()
    let sink = TestSink()
    let kpis: KPIStore
    let state: StateStore
    let clock: any Clock<Duration>
    let server: TroupeServer
    let tokens: [TokenScope: String]

    init(
        _ configuration: ServerConfiguration = ServerConfiguration(port: 0),
        clock: any Clock<Duration> = ContinuousClock(),
        kpis: KPIStore? = nil,
        onListening: @escaping @Sendable (Int) async -> Void = { _ in }
    ) throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        let kpis = try kpis ?? KPIStore(path: folder.file("kpi.db"))
        self.kpis = kpis
        state = try StateStore(path: folder.file("state.db"))
        self.clock = clock
        var tokens: [TokenScope: String] = [:]
        for scope in TokenScope.allCases {
            let text = TokenText()
            try state.add(
                StoredToken(
                    id: text.id,
                    name: "test-\(scope.rawValue)",
                    scope: scope,
                    digest: text.digest,
                    createdAt: time.now,
                    createdBy: "test"
                )
            )
            tokens[scope] = text.text
        }
        self.tokens = tokens
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let time = time
        server = try TroupeServer(
            parts: ServerParts(
                control: control,
                kpis: kpis,
                tokens: state,
                audit: state,
                arrivals: sink,
                health: { [HealthGauge("troupe_workers_alive", help: "Workers that live.", value: 2)] },
                now: { time.now },
                clock: clock,
                logger: logger
            ),
            configuration: configuration,
            onListening: onListening
        )
    }

    var routes: [Route] { server.gateway.table.routes }

    /// Runs the gateway without a socket.
    func test<Value>(_ body: @Sendable (ServerClient) async throws -> Value) async throws -> Value {
        try await server.application(on: MultiThreadedEventLoopGroup.singleton)
            .test(.router) { try await body(ServerClient(client: $0, tokens: tokens)) }
    }

    /// Runs the server on a socket of 127.0.0.1.
    func testLive<Value>(_ body: @Sendable (ServerClient) async throws -> Value) async throws -> Value {
        try await server.application(on: MultiThreadedEventLoopGroup.singleton)
            .test(.live) { try await body(ServerClient(client: $0, tokens: tokens)) }
    }

    /// Runs the server as a service, as `troupe serve` does; it is asked to end after the body, unless that has done so.
    static func serving(
        _ configuration: ServerConfiguration = ServerConfiguration(port: 0),
        clock: any Clock<Duration> = ContinuousClock(),
        _ body: (_ world: ServerWorld, _ port: Int, _ services: ServiceGroup) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream<Int>.makeStream()
        let world = try ServerWorld(configuration, clock: clock, onListening: { port.yield($0) })
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let services = ServiceGroup(services: [world.server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await services.run() }
            try await body(world, #require(await ports.first { _ in true }), services)
            await services.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Runs the server on a socket of 127.0.0.1, for those who speak to its port by themselves.
    func testSocket(_ body: @Sendable (_ port: Int) async throws -> Void) async throws {
        try await server.application(on: MultiThreadedEventLoopGroup.singleton)
            .test(.live) { try await body(#require($0.port)) }
    }
}

/// Sends requests with tokens.
struct ServerClient: Sendable {
    let client: any TestClientProtocol
    let tokens: [TokenScope: String]

    func send(
        _ method: HTTPRequest.Method,
        _ uri: String,
        as scope: TokenScope? = .admin,
        headers: [String: String] = [:],
        body: [UInt8]? = nil
    ) async throws -> ServerReply {
        var fields = HTTPFields()
        if let scope, let token = tokens[scope] { fields[.authorization] = "Bearer \(token)" }
        for (name, value) in headers { fields[try #require(HTTPField.Name(name))] = value }
        let response = try await client.executeRequest(
            uri: uri,
            method: method,
            headers: fields,
            body: body.map { ByteBuffer(bytes: $0) }
        )
        return ServerReply(response)
    }

    func get(_ uri: String, as scope: TokenScope? = .admin, headers: [String: String] = [:]) async throws -> ServerReply
    {
        try await send(.get, uri, as: scope, headers: headers)
    }

    func json(
        _ method: HTTPRequest.Method,
        _ uri: String,
        _ body: String,
        as scope: TokenScope? = .admin,
        headers: [String: String] = [:]
    ) async throws -> ServerReply {
        try await send(
            method,
            uri,
            as: scope,
            headers: headers.merging(["Content-Type": "application/json"]) { old, _ in old },
            body: Array(body.utf8)
        )
    }
}

/// An answer, read.
struct ServerReply: Sendable, CustomStringConvertible {
    let status: Int
    let headers: HTTPFields
    let bytes: [UInt8]

    init(_ response: TestResponse) {
        status = response.status.code
        headers = response.headers
        bytes = Array(response.body.readableBytesView)
    }

    var description: String { "\(status) \(text.prefix(300))" }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var type: String { (headers[.contentType] ?? "").split(separator: ";").first.map(String.init) ?? "" }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    var json: JSONValue { (try? JSONReader.read(bytes)) ?? .null }

    /// The member at a path: `errors/0/place`.
    subscript(path: String) -> JSONValue? {
        var value: JSONValue? = json
        for part in path.split(separator: "/") {
            if let index = Int(part) {
                let array = value?.array ?? []
                value = array.indices.contains(index) ? array[index] : nil
            } else {
                value = value?[String(part)]
            }
        }
        return value
    }

    /// Whether the answer is a whole problem of this kind.
    func isProblem(_ kind: ProblemKind) -> Bool {
        status == kind.status.code && type == "application/problem+json"
            && Problem.shape.schema.check(json).isEmpty && self["type"]?.string == Problem.typePrefix + kind.rawValue
            && self["status"]?.integer == Int64(status) && self["request_id"]?.string == header("X-Request-Id")
    }
}
