import Foundation
import Server
import Synchronization

/// Where a server is, and what to show it.
struct ServerPlace {
    /// Without a slash at its end.
    let url: String
    let token: String?
    /// A file of certificates to trust instead of the system's.
    let ca: String?
    /// Nobody named it: it was found in a data folder.
    let isFound: Bool
    /// Where the token came from, for errors; nil where there is none.
    let tokenSource: String?

    /// - Throws: that there is no server to speak to, or no token where one was named.
    init(_ options: ServerOptions) throws {
        let environment = ProcessInfo.processInfo.environment
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let data = DataFolder(options.data)
        let local = Self.read(data.address)
        let named = options.server ?? variable("TROUPE_SERVER")
        guard let text = named ?? local else {
            throw NoServer(address: data.address)
        }
        let source = options.server != nil ? "--server" : named != nil ? "TROUPE_SERVER" : data.address
        url = try Self.checked(text, from: source)
        isFound = named == nil
        let isOfFolder = local.map { [url] in Self.isSame($0, url) } ?? false
        let clock = isOfFolder ? ServerClock(in: data) : nil
        ServerClock.current.withLock { $0 = clock }
        ca = options.ca

        if let file = options.tokenFile {
            guard let text = Self.read(file) else {
                throw Failure(
                    "\(file): error: there is no token in it, or it cannot be read. --token-file names a file with one line."
                )
            }
            (token, tokenSource) = (text, file)
        } else if let text = variable("TROUPE_TOKEN") {
            (token, tokenSource) = (text.trimmingCharacters(in: .whitespacesAndNewlines), "TROUPE_TOKEN")
        } else if isOfFolder {
            // The local token is shown to the local server and to no other.
            token = Self.read(data.token)
            tokenSource = token == nil ? nil : data.token
        } else {
            (token, tokenSource) = (nil, nil)
        }
        if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
            throw Failure(
                "the token of \(tokenSource ?? "") holds blanks or letters that no token has; it looks like trp_…"
            )
        }
    }

    /// Someone on the way could read the token.
    var exposesToken: Bool {
        guard token != nil, url.hasPrefix("http://") else { return false }
        return !LoopbackName.isLoopback(URLComponents(string: url)?.host ?? "")
    }

    /// Two addresses of one server; this machine has several names.
    private static func isSame(_ one: String, _ other: String) -> Bool {
        func parts(_ text: String) -> [String]? {
            guard let parts = URLComponents(string: text), let host = parts.host else { return nil }
            let name = ["127.0.0.1", "::1", "[::1]"].contains(host) ? "localhost" : host
            return [parts.scheme ?? "", name, parts.port.map(String.init) ?? ""]
        }
        return parts(one) == parts(other)
    }

    private static func checked(_ text: String, from source: String) throws -> String {
        let hint = "write it as http://127.0.0.1:8470 or https://troupe.example:8470"
        guard let parts = URLComponents(string: text), let scheme = parts.scheme, scheme == "http" || scheme == "https",
            let host = parts.host, !host.isEmpty
        else { throw Failure("\(source): error: \"\(text.prefix(200))\" is no address of a server; \(hint)") }
        guard parts.query == nil, parts.fragment == nil, parts.user == nil, parts.password == nil else {
            throw Failure("\(source): error: an address has neither user, query nor fragment; \(hint)")
        }
        var url = text
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    /// The one line of a small file.
    private static func read(_ path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: 4096) else { return nil }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }
}

/// Neither was a server named nor does one serve the data folder.
struct NoServer: Error, CustomStringConvertible {
    let address: String

    var description: String {
        """
        no server: \(address) is not there, so none was started with this data folder. \
        Start one with `troupe serve`, or name one: --server URL, or TROUPE_SERVER.
        """
    }
}
