import Agent
import NIOCore
import NIOHTTP1
import NIOPosix

/// A request as the scripted server got it.
struct ReceivedRequest: Sendable {
    var method: String
    var uri: String
    var headers: HTTPHeaders
    var body: [UInt8]
}

/// What the scripted server does with a request.
enum ScriptedReply: Sendable {
    case answer(Int, headers: [(String, String)] = [], body: String = "")
    /// Closes the connection without a word.
    case close
    /// Says nothing for as long as the connection lasts.
    case hold
}

/// A real HTTP server on the loopback whose answers a closure gives.
final class ScriptedServer: Sendable {
    private let channel: any Channel

    static func start(
        port: Int = 0,
        _ reply: @escaping @Sendable (ReceivedRequest) -> ScriptedReply
    ) async throws -> ScriptedServer {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ReplyHandler(reply))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return ScriptedServer(channel)
    }

    private init(_ channel: any Channel) {
        self.channel = channel
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func address(_ path: String = "") throws -> HTTPAddress {
        try HTTPAddress("http://127.0.0.1:\(port)\(path)")
    }

    func client() throws -> HTTPClient {
        HTTPClient(try address(), group: MultiThreadedEventLoopGroup.singleton, tls: nil, userAgent: "test")
    }

    func stop() async throws {
        try await channel.close()
    }
}

private final class ReplyHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let reply: @Sendable (ReceivedRequest) -> ScriptedReply
    private var request: ReceivedRequest?

    init(_ reply: @escaping @Sendable (ReceivedRequest) -> ScriptedReply) {
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = ReceivedRequest(method: head.method.rawValue, uri: head.uri, headers: head.headers, body: [])
        case .body(let part):
            request?.body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let request else { return }
            switch reply(request) {
            case .hold: break
            case .close: context.close(promise: nil)
            case .answer(let status, let headers, let body):
                var all = HTTPHeaders(headers)
                if status != 204, status != 304 { all.add(name: "Content-Length", value: String(body.utf8.count)) }
                let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: all)
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
