import Domain
import Foundation
import Scripting

/// What one fleet's driver may reach: its plugin's needs, with what they name of the target filled in.
struct Capabilities: Sendable {
    private let needs: PluginNeeds
    private let target: [Setting]
    private let plugin: String

    init(plugin: Plugin, target: [Setting]) {
        needs = plugin.needs
        self.target = target
        self.plugin = plugin.name
    }

    private func setting(_ key: String) -> String? { target.first { $0.name == key }?.value }

    private func names(_ needs: [NamedNeed]) -> [String] {
        needs.compactMap { need in
            switch need {
            case .name(let name): name
            case .target(let key): setting(key)
            }
        }
    }

    private func undeclared(_ what: String, _ declared: [String], _ key: String) -> HostError {
        let known = declared.isEmpty ? "\(key) is empty" : "\(key) declares \(declared.joined(separator: ", "))"
        return .violation("\(what) is not declared in the needs of driver \(plugin): \(known)")
    }

    // MARK: HTTP

    func check(method: String, url: URL) throws(HostError) {
        guard let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https", let host = url.host(),
            !host.isEmpty
        else {
            throw .misuse("host.http: \"\(url)\" cannot be asked; expected http:// or https:// with a host")
        }
        guard url.user == nil, url.password == nil else {
            throw .misuse("host.http: the url holds a user; send credentials in a header, from host.secret")
        }
        let port = url.port ?? (scheme == "https" ? 443 : 80)
        // As it is sent: an encoded dot or slash must not lead out of the path that is granted.
        let path = url.path(percentEncoded: true)
        guard !path.split(separator: "/").contains(".."), path.range(of: "%2e", options: .caseInsensitive) == nil,
            path.range(of: "%2f", options: .caseInsensitive) == nil || needs.http.allSatisfy({ !$0.hasPath })
        else { throw .misuse("host.http: the path of \(url) climbs; expected a plain path") }
        for need in needs.http where need.methods.isEmpty || need.methods.contains(method) {
            let pattern: HTTPPattern?
            switch need.address {
            case .pattern(let written): pattern = written
            case .target(let key):
                pattern = setting(key).flatMap { HTTPPattern($0.prefix { $0 != "?" && $0 != "#" }.description) }
            }
            if let pattern, pattern.covers(scheme: scheme, host: host, port: port, path: path) { return }
        }
        throw undeclared("\(method) \(scheme)://\(host):\(port)\(path)", needs.http.map(\.description), "needs.http")
    }

    // MARK: Programs

    func check(command: String) throws(HostError) {
        guard names(needs.exec).contains(command) else {
            throw undeclared("command \(command)", needs.exec.map(\.description), "needs.exec")
        }
    }

    /// A target names a whole command line, of which the first word is the program.
    func check(program: String) throws(HostError) {
        let declared = needs.process.compactMap { need -> String? in
            switch need {
            case .name(let name): name
            case .target(let key): setting(key)?.split(whereSeparator: \.isWhitespace).first.map(Self.unquoted)
            }
        }
        guard declared.contains(program) else {
            throw undeclared("program \(program)", needs.process.map(\.description), "needs.process")
        }
    }

    private static func unquoted(_ word: Substring) -> String {
        word.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
    }

    // MARK: Secrets, folders, ports

    func check(secret: String) throws(HostError) {
        guard names(needs.secrets).contains(secret) else {
            throw undeclared("secret \(secret)", needs.secrets.map(\.description), "needs.secrets")
        }
    }

    /// The folders that are open to it: those that are declared, and its own.
    func folders(state: URL) -> [URL] {
        names(needs.files)
            .compactMap { name in
                name == "state" ? state : name.hasPrefix("/") ? URL(fileURLWithPath: name) : nil
            }
    }

    func noFolder(_ path: String) -> HostError {
        undeclared("file \(path)", needs.files.map(\.description), "needs.files")
    }

    func check(host: String, port: Int) throws(HostError) {
        for name in names(needs.tcp) {
            guard let colon = name.lastIndex(of: ":") else { continue }
            let (declared, number) = (name[..<colon], name[name.index(after: colon)...])
            if declared == "*" || declared == host, number == "*" || number == "\(port)" { return }
        }
        throw undeclared("\(host):\(port)", needs.tcp.map(\.description), "needs.tcp")
    }
}

extension HTTPNeed {
    fileprivate var hasPath: Bool {
        switch address {
        case .pattern(let pattern): !pattern.path.isEmpty
        case .target: true
        }
    }
}
