/// What a driver reaches beyond its own script. Nothing else is reachable, and nothing of it before the operator has granted it.
package struct PluginNeeds: Hashable, Sendable {
    package var http: [HTTPNeed] = []
    /// Programs that it runs and waits for.
    package var exec: [NamedNeed] = []
    /// Programs that it starts and leaves running.
    package var process: [NamedNeed] = []
    package var secrets: [NamedNeed] = []
    /// Folders that it reads and writes: absolute ones, and `state`, its own for the fleet.
    package var files: [NamedNeed] = []
    /// `host:port` that it may knock at.
    package var tcp: [NamedNeed] = []

    package init() {}

    /// One line each, sorted: what an operator grants, word for word.
    package var lines: [String] {
        func lines(_ word: String, _ needs: [NamedNeed]) -> [String] { needs.map { "\(word) \($0)" } }
        return Set(
            http.map { "http \($0)" } + lines("exec", exec) + lines("process", process) + lines("secret", secrets)
                + lines("files", files) + lines("tcp", tcp)
        )
        .sorted()
    }
}

/// Something by its name, or whatever the fleet's own target names.
package enum NamedNeed: Hashable, Sendable, CustomStringConvertible {
    case name(String)
    /// `target.KEY`: the value of that key in the fleet that is driven.
    case target(key: String)

    package init(_ text: String) {
        self = text.hasPrefix("target.") ? .target(key: String(text.dropFirst("target.".count))) : .name(text)
    }

    package var description: String {
        switch self {
        case .name(let name): name
        case .target(let key): "target.\(key)"
        }
    }
}

/// Addresses and methods: `https://*:6443`, `GET,POST http://127.0.0.1:8080/fleet`, `target.url`.
package struct HTTPNeed: Hashable, Sendable, CustomStringConvertible {
    /// Sorted; empty for every method.
    package var methods: [String]
    package var address: Address

    package enum Address: Hashable, Sendable {
        case pattern(HTTPPattern)
        /// What the fleet's target names under the key, and everything below it.
        case target(key: String)
    }

    package var description: String {
        let place =
            switch address {
            case .pattern(let pattern): pattern.description
            case .target(let key): "target.\(key)"
            }
        return methods.isEmpty ? place : "\(methods.joined(separator: ",")) \(place)"
    }

    /// Nil where it is not written as one.
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard let last = words.last else { return nil }
        methods = []
        if words.count > 1 {
            // Commas stand between them, with blanks or without.
            let named = words.dropLast().joined(separator: " ").split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.split(separator: " ").joined(separator: " ") }
            methods = Set(named).sorted()
            guard methods.allSatisfy(Self.methods.contains) else { return nil }
        }
        if last.hasPrefix("target."), last.count > "target.".count {
            address = .target(key: String(last.dropFirst("target.".count)))
        } else if let pattern = HTTPPattern(last) {
            address = .pattern(pattern)
        } else {
            return nil
        }
    }

    package static let methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
}

/// `scheme://host[:port][/path]`; the host may be `*` or `*.domain`, the port `*`; everything below the path is meant.
package struct HTTPPattern: Hashable, Sendable, CustomStringConvertible {
    package var scheme: String
    package var host: String
    /// Nil for every port.
    package var port: Int?
    /// Empty, or `/a/b`.
    package var path: String

    package init?(_ text: String) {
        guard let split = text.firstRange(of: "://") else { return nil }
        scheme = String(text[..<split.lowerBound])
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[split.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        guard !path.contains("?"), !path.contains("#"), !path.contains("%") else { return nil }
        var name = String(authority)
        port = scheme == "https" ? 443 : 80
        let bracket = name.lastIndex(of: "]") ?? name.startIndex
        if let colon = name[bracket...].lastIndex(of: ":") {
            let digits = name[name.index(after: colon)...]
            if digits == "*" {
                port = nil
            } else {
                guard let number = Int(digits), (1...65535).contains(number) else { return nil }
                port = number
            }
            name = String(name[..<colon])
        }
        host = name.lowercased()
        let plain = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
        guard !plain.isEmpty, host == "*" || !plain.contains("*"), !plain.contains("@") else { return nil }
    }

    package var description: String {
        let number = port.map { $0 == (scheme == "https" ? 443 : 80) ? "" : ":\($0)" } ?? ":*"
        return "\(scheme)://\(host)\(number)\(path)"
    }

    /// Whether an address lies within it. The parts are those of a parsed URL, never of a text that still is one.
    package func covers(scheme: String, host: String, port: Int, path: String) -> Bool {
        guard scheme == self.scheme, self.port == nil || port == self.port else { return false }
        let host = host.lowercased()
        let isHost =
            self.host == "*" || host == self.host
            || (self.host.hasPrefix("*.") && host.hasSuffix(self.host.dropFirst()))
        return isHost && (self.path.isEmpty || path == self.path || path.hasPrefix(self.path + "/"))
    }
}
