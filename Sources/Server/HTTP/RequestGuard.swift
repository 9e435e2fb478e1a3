import HTTPTypes
import NIOCore
import NIOHTTP1

/// What Hummingbird leaves to others on a connection: it says `100 Continue` to who waits for it, gives up a request that comes in too
/// slowly, answers what is no HTTP with a problem rather than with nothing, and ends a connection that its client wants ended.
///
///     decoder ─▶ RequestGuard ─▶ Hummingbird ─▶ gateway
///
/// Sits directly behind NIO's decoder; lives on the connection's event loop.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let patience: TimeAmount
    /// Requests whose answer has not ended, the oldest first, and whether the connection goes on after each.
    private var unanswered: [Bool] = []
    /// The head of the oldest one's answer was written.
    private var isAnswering = false
    /// The latest request waits for leave to send its body.
    private var owesContinue = false
    private var path = "/"
    private var isRefused = false
    /// Between the head of a request and its end.
    private var isWithin = false
    /// What came in last completed a part of a request.
    private var hasPart = false
    private var deadline: Scheduled<Void>?

    init(patience: TimeAmount) {
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        hasPart = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            isWithin = true
            unanswered.append(head.isKeepAlive)
            path = String(RequestTarget(head.uri).path)
            owesContinue =
                head.version != .http1_0
                && head.headers[canonicalForm: "Expect"].contains { $0.lowercased() == "100-continue" }
            sayContinue(context)
            wait(context)
        case .body: break
        case .end:
            isWithin = false
            owesContinue = false
            stopWaiting()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Bytes that are no part as yet: the head of a request has begun. Who is being answered may take his time with the next one.
        if !hasPart, !isWithin, unanswered.isEmpty, !isRefused, deadline == nil { wait(context) }
        hasPart = false
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head: isAnswering = true
        case .body: break
        case .end:
            isAnswering = false
            let goesOn = unanswered.isEmpty ? true : unanswered.removeFirst()
            context.write(data, promise: promise)
            if goesOn { sayContinue(context) } else { end(context) }
            return
        }
        context.write(data, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // An answer that runs, or that others wait for, comes first: Hummingbird ends the connection then.
        guard let error = error as? HTTPParserError, unanswered.count <= 1, !isAnswering else {
            context.fireErrorCaught(error)
            return
        }
        refuse(
            context,
            Problem(
                .badRequest,
                "This is not HTTP as it is spoken here (\(error)); a head has at most 32 KiB and 100 fields."
            )
        )
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopWaiting()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stopWaiting()
    }

    // MARK: Slow requests

    private func wait(_ context: ChannelHandlerContext) {
        stopWaiting()
        deadline = context.eventLoop.assumeIsolated()
            .scheduleTask(in: patience) {
                guard self.unanswered.count == (self.isWithin ? 1 : 0), !self.isAnswering else {
                    context.close(promise: nil)
                    return
                }
                if !self.isWithin { self.path = "/" }
                self.refuse(
                    context,
                    Problem(
                        .requestTimeout,
                        "The request did not come in within \(self.patience.nanoseconds / 1_000_000_000) s; nothing was done."
                    )
                )
            }
    }

    private func stopWaiting() {
        deadline?.cancel()
        deadline = nil
    }

    // MARK: Answers of its own

    private func sayContinue(_ context: ChannelHandlerContext) {
        guard owesContinue, unanswered.count == 1, !isAnswering else { return }
        owesContinue = false
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
            promise: nil
        )
    }

    /// Answers, and ends the connection: nobody knows where the next request would begin.
    private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
        isRefused = true
        stopWaiting()
        let id = RequestID.random()
        let answer = Answer(problem, instance: path, requestID: id)
        let headers: HTTPHeaders = [
            "Content-Type": MediaKind.problem.rawValue, "Content-Length": String(answer.body.count),
            "X-Request-Id": id, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Connection": "close",
        ]
        let status = HTTPResponseStatus(statusCode: problem.kind.status.code)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: answer.body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        end(context)
    }

    /// Ends our side, and the rest a little later: closed at once with bytes unread, the system would take the answer back.
    private func end(_ context: ChannelHandlerContext) {
        context.flush()
        let ours = context.eventLoop.makePromise(of: Void.self)
        context.close(mode: .output, promise: ours)
        ours.futureResult.assumeIsolated()
            .whenComplete { _ in
                context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
            }
    }
}

@available(*, unavailable)
extension RequestGuard: Sendable {}
