import NIOCore
import NIOHTTP1
import NIOSSL

/// Sends the request of one `HTTPExchange` at a time and keeps the promise of its answer, whatever becomes of the connection.
final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPExchange
    typealias OutboundOut = HTTPClientRequestPart

    private enum State {
        case idle
        case waiting(HTTPExchange, Scheduled<Void>)
        case reading(HTTPExchange, Scheduled<Void>, HTTPResponseHead, [UInt8])
    }

    private var state = State.idle
    /// What broke the connection before a request was under way: a handshake fails while the first one is still to come.
    private var broken: HTTPFailure?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard case .idle = state else {
            exchange.answer.fail(HTTPFailure(description: "a request is already under way on this connection"))
            promise?.succeed()
            return
        }
        guard context.channel.isActive else {
            exchange.answer.fail(broken ?? HTTPFailure(description: "the connection was closed", beforeAnswer: true))
            promise?.succeed()
            return
        }
        let loopBound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let deadline = context.eventLoop.scheduleTask(in: exchange.timeout) {
            let (handler, context) = loopBound.value
            handler.fail(
                context,
                HTTPFailure(description: "no answer within \(exchange.timeout.nanoseconds / 1_000_000_000) s")
            )
        }
        state = .waiting(exchange, deadline)
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if !exchange.body.isEmpty {
            context.write(
                wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: exchange.body)))),
                promise: nil
            )
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .waiting(let exchange, let deadline)):
            // 100 Continue and its like come before the answer.
            if head.status.code >= 200 { state = .reading(exchange, deadline, head, []) }
        case (.body(let part), .reading(let exchange, let deadline, let head, var body)):
            guard body.count + part.readableBytes <= exchange.mostBytes else {
                fail(context, HTTPFailure(description: "the answer is larger than \(exchange.mostBytes) bytes"))
                return
            }
            state = .idle
            body.append(contentsOf: part.readableBytesView)
            state = .reading(exchange, deadline, head, body)
        case (.end, .reading(let exchange, let deadline, let head, let body)):
            deadline.cancel()
            state = .idle
            exchange.answer.succeed(HTTPAnswer(status: Int(head.status.code), headers: head.headers, body: body))
            if !head.isKeepAlive { context.close(promise: nil) }
        case (.end, .waiting):
            break
        default:
            fail(context, HTTPFailure(description: "the server sent an answer to nothing"))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        var failure = HTTPFailure(description: Self.reason(error))
        switch state {
        case .idle: broken = failure
        // Reset: what a server that was started anew does with a connection that it does not know.
        case .waiting: failure.beforeAnswer = error is IOError
        case .reading: break
        }
        fail(context, failure)
    }

    /// In words where the one who runs the agent can do something about it.
    private static func reason(_ error: any Error) -> String {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") || error is NIOSSLExtraError {
            return "the server's certificate is not trusted; name the authority behind it by --ca-file (\(text))"
        }
        return text
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .waiting = state {
            fail(
                context,
                HTTPFailure(description: "the server closed the connection without an answer", beforeAnswer: true)
            )
        } else {
            fail(context, HTTPFailure(description: "the server closed the connection within its answer"))
        }
        context.fireChannelInactive()
    }

    private func fail(_ context: ChannelHandlerContext, _ failure: HTTPFailure) {
        switch state {
        case .idle: break
        case .waiting(let exchange, let deadline), .reading(let exchange, let deadline, _, _):
            deadline.cancel()
            state = .idle
            exchange.answer.fail(failure)
        }
        context.close(promise: nil)
    }
}
