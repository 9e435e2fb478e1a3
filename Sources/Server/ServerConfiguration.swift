package import Domain

/// How a server is reached and what it takes.
package struct ServerConfiguration: Sendable {
    /// Name or address to bind to.
    package var host: String
    /// 0: whichever is free.
    package var port: Int
    /// Certificate chain and private key, PEM files.
    package var tls: TLSFiles?
    /// Requests need a token.
    package var requiresTokens: Bool
    /// Binding beyond this machine without TLS was asked for in so many words: something in front of the server does it.
    package var allowsPlaintext: Bool
    /// `/metrics` for anyone, without a token.
    package var opensMetrics: Bool
    package var ingest: IngestLimits
    /// Connections at one time; more wait in the system's queue.
    package var connections: Int
    /// A connection on which nothing happens for so long is closed.
    package var idle: TimeSpan
    /// A request whose head, or what follows it, takes longer than this to come in is given up; so is a client that takes no byte of an
    /// answer in this time.
    package var patience: TimeSpan

    package struct TLSFiles: Sendable {
        package var certificate: String
        package var key: String

        package init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    package static let standardPort = 8470

    package init(
        host: String = "127.0.0.1",
        port: Int = ServerConfiguration.standardPort,
        tls: TLSFiles? = nil,
        requiresTokens: Bool = true,
        allowsPlaintext: Bool = false,
        opensMetrics: Bool = false,
        ingest: IngestLimits = IngestLimits(),
        connections: Int = 4096,
        idle: TimeSpan = .seconds(90),
        patience: TimeSpan = .minutes(2)
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.requiresTokens = requiresTokens
        self.allowsPlaintext = allowsPlaintext
        self.opensMetrics = opensMetrics
        self.ingest = ingest
        self.connections = connections
        self.idle = idle
        self.patience = patience
    }

    /// Refuses what would expose a fleet to whoever can reach the port, and files that are no certificate with its key.
    package func check() throws(ServerError) {
        try checkExposure()
        _ = try tlsConfiguration()
    }

    private func checkExposure() throws(ServerError) {
        guard (0...65_535).contains(port) else {
            throw ServerError(.invalid, "there is no port \(port)", advice: "Choose one from 1 to 65535, or 0 for any.")
        }
        guard !LoopbackName.isLoopback(host) else { return }
        guard requiresTokens else {
            throw ServerError(
                .exposed,
                "\(host) is not a loopback address, and tokens are off",
                advice:
                    "Bind to 127.0.0.1, or leave out --no-tokens: without tokens anyone who reaches the port commands the fleets."
            )
        }
        guard tls != nil || allowsPlaintext else {
            throw ServerError(
                .exposed,
                "\(host) is not a loopback address, and there is no TLS: tokens would cross the network in the clear",
                advice:
                    "Give a certificate and a key (--tls-certificate, --tls-key), or say that something in front of the server does TLS "
                    + "(--plaintext)."
            )
        }
    }
}
