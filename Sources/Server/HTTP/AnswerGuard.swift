import NIOCore

/// Gives up a client that does not read: one to which no byte of its answers went out for as long as the server is patient.
///
/// Sits where bytes leave for the socket, and looks at what waits there; lives on the connection's event loop.
final class AnswerGuard: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    private let patience: TimeAmount
    private var look: Scheduled<Void>?
    /// Bytes that were written since the connection began.
    private var written = 0
    /// Of these, those that had left at the last look.
    private var left = 0

    init(patience: TimeAmount) {
        self.patience = patience
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        written += unwrapOutboundIn(data).readableBytes
        context.write(data, promise: promise)
        if look == nil {
            left = written - waiting(context)
            lookLater(context)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        look?.cancel()
        look = nil
    }

    private func lookLater(_ context: ChannelHandlerContext) {
        look = context.eventLoop.assumeIsolated()
            .scheduleTask(in: patience) {
                self.look = nil
                let waiting = self.waiting(context)
                guard waiting > 0 else { return }
                guard self.written - waiting > self.left else {
                    context.close(promise: nil)
                    return
                }
                self.left = self.written - waiting
                self.lookLater(context)
            }
    }

    private func waiting(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}

@available(*, unavailable)
extension AnswerGuard: Sendable {}
