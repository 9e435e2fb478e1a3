import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// HTTP/1.1 as Hummingbird speaks it, with a `RequestGuard` and an `AnswerGuard` on each connection.
struct GuardedHTTP1: ServerChildChannel {
    let base: HTTP1Channel
    /// How long the head of a request may take to come in, and what follows it; and how long a client may take no byte of an answer.
    let patience: TimeAmount

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let patience = patience
        return base.setup(channel: channel, logger: logger)
            .flatMapThrowing { value in
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                try pipeline.addHandler(RequestGuard(patience: patience), position: .after(decoder))
                try pipeline.addHandler(AnswerGuard(patience: patience), position: .first)
                return value
            }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}
