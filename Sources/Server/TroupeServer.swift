import Control
import Domain
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import StateStore

/// The HTTP server: API, remote-write receiver, health.
///
///     let server = try TroupeServer(parts: parts, configuration: configuration)
///     try await ServiceGroup(services: [loop, server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
///
/// `init` reads the tokens (it blocks for that) and refuses a configuration that would expose a fleet; `run` binds, serves, and on a
/// graceful shutdown finishes the requests that run and stores what was received.
package struct TroupeServer: Service {
    let gateway: Gateway
    let configuration: ServerConfiguration
    private let channels: HTTPServerBuilder
    private let ingest: BlockingWork
    private let blocking: BlockingWork
    private let logger: Logger
    /// Told the port once the server listens: of use where it was 0.
    private let onListening: @Sendable (Int) async -> Void

    package init(
        parts: ServerParts,
        configuration: ServerConfiguration,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) throws(ServerError) {
        try configuration.check()
        channels = try configuration.channels()
        let tokens: TokenDirectory
        do throws(StateStoreError) {
            tokens = try TokenDirectory(parts.tokens)
        } catch {
            throw ServerError(.store, error.what, advice: error.advice)
        }
        self.configuration = configuration
        self.onListening = onListening
        logger = parts.logger
        ingest = BlockingWork(threads: configuration.ingest.threads)
        blocking = BlockingWork(threads: 4)
        gateway = Self.gateway(parts, configuration, tokens, ingest: ingest, blocking: blocking)
    }

    private static func gateway(
        _ parts: ServerParts,
        _ configuration: ServerConfiguration,
        _ tokens: TokenDirectory,
        ingest: BlockingWork,
        blocking: BlockingWork
    ) -> Gateway {
        let metrics = ServerMetrics()
        let receiver = WriteReceiver(
            limits: configuration.ingest,
            gate: IngestGate(capacity: configuration.ingest.queueBytes),
            directory: SeriesDirectory(
                parts.kpis,
                routing: FleetRouting(KPISources(version: .min, fleets: [])),
                maximumSeries: configuration.ingest.series
            ),
            store: parts.kpis,
            arrivals: parts.arrivals,
            control: parts.control,
            threads: ingest,
            metrics: metrics,
            now: parts.now
        )
        let services = RouteServices(
            control: parts.control,
            kpis: parts.kpis,
            audit: parts.audit,
            receiver: receiver,
            blocking: blocking,
            metrics: metrics,
            health: parts.health,
            now: parts.now,
            clock: parts.clock,
            logger: parts.logger
        )
        return Gateway(
            table: .troupe(services, tokens: tokens, opensMetrics: configuration.opensMetrics),
            authenticator: Authenticator(tokens: configuration.requiresTokens ? tokens : nil),
            audit: parts.audit,
            blocking: blocking,
            metrics: metrics,
            now: parts.now,
            logger: parts.logger
        )
    }

    /// The server as Hummingbird runs it, on event loops that the caller owns.
    func application(on group: any EventLoopGroup) -> Application<Gateway> {
        var quiet = logger
        // Hummingbird's own lines say nothing that ours do not.
        if quiet.logLevel < .notice { quiet.logLevel = .notice }
        return Application(
            responder: gateway,
            server: channels,
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: "troupe",
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.connections)
            ),
            onServerRunning: { [logger, onListening, configuration] channel in
                let port = channel.localAddress?.port ?? configuration.port
                logger.info(
                    "listening",
                    metadata: [
                        "address": "\(configuration.host):\(port)", "tls": "\(configuration.tls != nil)",
                        "tokens": "\(configuration.requiresTokens)",
                    ]
                )
                await onListening(port)
            },
            eventLoopGroupProvider: .shared(group),
            logger: quiet
        )
    }

    package func run() async throws {
        // Two threads move bytes; the work is done elsewhere.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        var failure: (any Error)?
        do {
            try await application(on: group).run()
        } catch let error as IOError {
            failure = cannotBind(error)
        } catch let error as SocketAddressError.UnknownHost {
            failure = cannotBind(error)
        } catch {
            failure = error
        }
        try? await ingest.stop()
        if let tokens = gateway.authenticator.tokens { try? await blocking.run { try tokens.flushUses() } }
        try? await blocking.stop()
        try await group.shutdownGracefully()
        if let failure { throw failure }
    }

    private func cannotBind(_ error: any Error) -> ServerError {
        ServerError(
            .bind,
            "\(configuration.host):\(configuration.port) cannot be had (\(error))",
            advice: "Is another Troupe running there? Choose another address or port."
        )
    }
}
