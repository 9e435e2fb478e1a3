/// Names of this machine's loopback interface.
package enum LoopbackName {
    /// Of a host: `127.0.0.1`, `::1`, `localhost`.
    package static func isLoopback(_ host: some StringProtocol) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Of a host with or without a port: `localhost:8470`.
    static func isLoopback(authority: String) -> Bool {
        if authority.hasPrefix("[") { return isLoopback(authority.prefix { $0 != "]" } + "]") }
        return isLoopback(authority.prefix { $0 != ":" })
    }
}
