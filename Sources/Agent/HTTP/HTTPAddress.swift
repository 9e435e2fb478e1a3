/// Where a request goes: the parts of an `http` or `https` URL.
package struct HTTPAddress: Hashable, Sendable, CustomStringConvertible {
    package var isTLS: Bool
    /// Without the brackets of an IPv6 address.
    package var host: String
    package var port: Int
    /// With its query, without a slash at its end: empty or `/…`.
    package var path: String

    package init(_ text: String) throws(HTTPAddressError) {
        func error(_ reason: String) -> HTTPAddressError { HTTPAddressError(text: text, reason: reason) }
        var rest = Substring(text)
        if rest.hasPrefix("http://") {
            isTLS = false
            rest.removeFirst("http://".count)
        } else if rest.hasPrefix("https://") {
            isTLS = true
            rest.removeFirst("https://".count)
        } else {
            throw error("it has to begin with http:// or https://")
        }
        guard rest.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw error("it holds a space or a character beyond ASCII")
        }
        guard !rest.contains("#") else { throw error("a fragment (#…) is not sent to a server") }
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var place = rest[..<end]
        var path = String(rest[end...])
        if path.hasPrefix("?") { path = "/" + path }
        while path.hasSuffix("/") { path.removeLast() }
        self.path = path
        guard !place.contains("@") else { throw error("a user or password in it is not used; use --token-file") }
        if place.hasPrefix("[") {
            guard let close = place.firstIndex(of: "]") else { throw error("a bracket is not closed") }
            host = String(place[place.index(after: place.startIndex)..<close])
            place = place[place.index(after: close)...]
        } else {
            let colon = place.firstIndex(of: ":") ?? place.endIndex
            host = String(place[..<colon])
            place = place[colon...]
        }
        guard !host.isEmpty else { throw error("it names no host") }
        if place.isEmpty {
            port = isTLS ? 443 : 80
        } else {
            guard place.hasPrefix(":"), place.dropFirst().allSatisfy(\.isASCII), let port = Int(place.dropFirst()),
                (1...65535).contains(port), !place.hasPrefix(":+")
            else { throw error("its port is no number from 1 to 65535") }
            self.port = port
        }
    }

    /// As the `Host` header has it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isTLS ? 443 : 80) ? name : "\(name):\(port)"
    }

    package var description: String { "\(isTLS ? "https" : "http")://\(authority)\(path)" }

    /// Whether what is sent stays on this machine.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}

/// Why a text is no address.
package struct HTTPAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    package var text: String
    package var reason: String

    package var description: String { "“\(text)” is no address of a server: \(reason)" }
}
