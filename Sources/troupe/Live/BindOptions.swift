import ArgumentParser
import Server

/// Where a server listens, and who may come in.
struct BindOptions: ParsableArguments {
    @Option(help: "The address to listen on. Beyond this machine only with tokens, and with TLS.")
    var bind = "127.0.0.1"

    @Option(help: "The port; 0 takes whichever is free.")
    var port = ServerConfiguration.standardPort

    @Option(help: "TLS: the certificate with its chain, as PEM.", completion: .file(extensions: ["pem", "crt"]))
    var tlsCertificate: String?

    @Option(help: "TLS: the private key, as PEM.", completion: .file(extensions: ["pem", "key"]))
    var tlsKey: String?

    @Flag(help: "Ask for no tokens: whoever reaches the port commands the fleets. On a loopback address only.")
    var noTokens = false

    @Flag(help: "Listen beyond this machine without TLS, because something in front of the server does it.")
    var plaintext = false

    @Flag(help: "Show /metrics without a token.")
    var openMetrics = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port is \(port): give a port from 1 to 65535, or 0 for any that is free.")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together: give both, or none.")
        }
    }

    var configuration: ServerConfiguration {
        var tls: ServerConfiguration.TLSFiles?
        if let tlsCertificate, let tlsKey { tls = .init(certificate: tlsCertificate, key: tlsKey) }
        return ServerConfiguration(
            host: bind,
            port: port,
            tls: tls,
            requiresTokens: !noTokens,
            allowsPlaintext: plaintext,
            opensMetrics: openMetrics
        )
    }
}
