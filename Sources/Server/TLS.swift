import Domain
import Foundation
import HummingbirdCore
import HummingbirdTLS
import NIOCore
import NIOSSL

extension ServerConfiguration {
    /// How connections are spoken: HTTP/1.1, within TLS where there is a certificate.
    func channels() throws(ServerError) -> HTTPServerBuilder {
        var http = HTTP1Channel.Configuration(idleTimeout: .milliseconds(idle.milliseconds))
        http.httpDecoder = .init(maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 32 << 10, maxHeaderFieldCount: 100)
        let patience = TimeAmount.milliseconds(patience.milliseconds)
        let plain = HTTPServerBuilder { [http] responder in
            GuardedHTTP1(base: HTTP1Channel(responder: responder, configuration: http), patience: patience)
        }
        guard let configuration = try tlsConfiguration() else { return plain }
        do {
            return try .tls(plain, tlsConfiguration: configuration)
        } catch {
            throw unusable(error)
        }
    }

    /// nil where there is no certificate.
    ///
    /// Reads both files, and puts them together: what does not fit is known before anything is opened.
    func tlsConfiguration() throws(ServerError) -> TLSConfiguration? {
        guard let tls else { return nil }
        for path in [tls.certificate, tls.key] {
            guard access(path, R_OK) == 0 else {
                throw ServerError(
                    .tls,
                    "\(path) cannot be read (\(String(cString: strerror(errno))))",
                    advice: "Name a certificate and a key, PEM files, that Troupe's user may read."
                )
            }
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(tls.certificate)
                .map { NIOSSLCertificateSource.certificate($0) }
            let key = try NIOSSLPrivateKey(file: tls.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            _ = try NIOSSLContext(configuration: configuration)
            return configuration
        } catch {
            throw unusable(error)
        }
    }

    private func unusable(_ error: any Error) -> ServerError {
        ServerError(
            .tls,
            "the certificate \(tls?.certificate ?? "") with the key \(tls?.key ?? "") cannot be used (\(error))",
            advice: "Both are PEM files; the chain begins with the server's own certificate, and the key belongs to it."
        )
    }
}
