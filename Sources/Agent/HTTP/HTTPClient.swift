package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// Makes requests to one address over HTTP/1.1, and keeps its connection between them.
package final class HTTPClient: Sendable {
    private let address: HTTPAddress
    private let group: any EventLoopGroup
    private let tls: NIOSSLContext?
    private let userAgent: String
    /// The connection that waits for the next request.
    private let idle = Mutex<(any Channel)?>(nil)

    /// `tls` is needed where the address is `https`.
    package init(_ address: HTTPAddress, group: any EventLoopGroup, tls: NIOSSLContext?, userAgent: String) {
        self.address = address
        self.group = group
        self.tls = tls
        self.userAgent = userAgent
    }

    /// Answers of every status are answers. Cancelling the task ends the request at once.
    package func send(_ query: HTTPQuery, timeoutMs: Int64, mostBytes: Int) async throws -> HTTPAnswer {
        let kept = idle.withLock { idle -> (any Channel)? in
            defer { idle = nil }
            return idle
        }
        if let kept, kept.isActive {
            do {
                return try await exchange(query, on: kept, timeoutMs, mostBytes)
            } catch let failure as HTTPFailure where failure.beforeAnswer && !Task.isCancelled {
                // It idled until the server closed it, just when it was used. A fresh one will tell.
            }
        }
        return try await exchange(query, on: try await connect(), timeoutMs, mostBytes)
    }

    /// Closes the connection that is kept.
    package func close() {
        let kept = idle.withLock { idle -> (any Channel)? in
            defer { idle = nil }
            return idle
        }
        kept?.close(promise: nil)
    }

    private func exchange(
        _ query: HTTPQuery,
        on channel: any Channel,
        _ timeoutMs: Int64,
        _ mostBytes: Int
    ) async throws -> HTTPAnswer {
        let exchange = HTTPExchange(
            head: head(of: query),
            body: query.body,
            timeout: .milliseconds(timeoutMs),
            mostBytes: mostBytes,
            answer: channel.eventLoop.makePromise()
        )
        let answer = try await withTaskCancellationHandler {
            let written = channel.eventLoop.makePromise(of: Void.self)
            // A channel that is closed has no handlers any more: nobody there would keep the answer's promise. Where one has a reason to
            // tell, it comes first.
            written.futureResult.whenFailure { _ in
                channel.closeFuture.whenComplete { _ in
                    exchange.answer.fail(HTTPFailure(description: "the connection was closed", beforeAnswer: true))
                }
            }
            channel.writeAndFlush(exchange, promise: written)
            return try await exchange.answer.futureResult.get()
        } onCancel: {
            exchange.answer.fail(CancellationError())
            channel.close(promise: nil)
        }
        if channel.isActive { idle.withLock { $0 = channel } }
        return answer
    }

    private func head(of query: HTTPQuery) -> HTTPRequestHead {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: address.authority)
        headers.add(name: "User-Agent", value: userAgent)
        for (name, value) in query.headers { headers.add(name: name, value: value) }
        if !query.body.isEmpty { headers.add(name: "Content-Length", value: String(query.body.count)) }
        let path = address.path + query.path
        return HTTPRequestHead(
            version: .http1_1,
            method: query.method,
            uri: path.isEmpty ? "/" : path,
            headers: headers
        )
    }

    private func connect() async throws -> any Channel {
        let address = address
        let tls = tls
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.seconds(5))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if address.isTLS {
                        guard let tls else { throw HTTPFailure(description: "TLS is not set up") }
                        try pipeline.addHandler(Self.tlsHandler(tls, host: address.host))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTPExchangeHandler())
                }
            }
        do {
            let connecting = bootstrap.connect(host: address.host, port: address.port)
            // A connection attempt cannot be called off, so a task that is cancelled leaves it behind.
            let connected = connecting.eventLoop.makePromise(of: (any Channel).self)
            connecting.cascade(to: connected)
            return try await withTaskCancellationHandler {
                try await connected.futureResult.get()
            } onCancel: {
                connecting.whenSuccess { $0.close(promise: nil) }
                connected.fail(CancellationError())
            }
        } catch {
            throw HTTPFailure(description: "cannot connect to \(address.authority): \(Self.reason(error))")
        }
    }

    /// A certificate is checked against the name; where the address is a number, against that.
    private static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        let isNumber = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isNumber ? nil : host)
    }

    /// NIO's connection error lists every address it tried; the first is enough for a line in a log.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let first = error.connectionErrors.first {
            if let system = first.error as? IOError { return "\(system)" }
            return "\(first.error)"
        }
        if let dns = error.dnsAError ?? error.dnsAAAAError { return "\(dns)" }
        return "no address found"
    }
}
