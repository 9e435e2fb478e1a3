package import NIOSSL

/// The TLS settings of the agent's connections.
package enum TrustedRoots {
    /// Trusts the certificates in `file` (PEM), or those of the system. Made only where an address is `https`: it takes memory.
    package static func context(file: String?) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let file { configuration.trustRoots = .file(file) }
        return try NIOSSLContext(configuration: configuration)
    }
}
