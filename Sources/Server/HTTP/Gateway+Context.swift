import Hummingbird
import NIOCore

/// What Hummingbird knows of a connection.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Address of the peer, `local` where there is none (in tests).
    let client: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        client = source.channel.remoteAddress?.ipAddress ?? "local"
    }
}
