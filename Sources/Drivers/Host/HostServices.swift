import AsyncHTTPClient
package import Domain
package import Foundation
import NIOCore

/// What the host calls of all drivers share: the HTTP client, the secrets, the folder below which each keeps its state.
package final class HostServices: Sendable {
    let http: HTTPClient
    let secrets: SecretSource
    private let folder: URL
    let now: @Sendable () -> Timestamp
    let log: @Sendable (PluginLogLine) -> Void
    /// For calls that block: files, connects, process starts.
    private let queue = DispatchQueue(label: "troupe.driver-host", attributes: .concurrent)

    /// - Parameters:
    ///   - folder: below it each plugin has a folder, and in that each fleet.
    package init(
        folder: URL,
        secrets: SecretSource,
        now: @escaping @Sendable () -> Timestamp,
        log: @escaping @Sendable (PluginLogLine) -> Void = { _ in }
    ) {
        self.folder = folder.resolvingSymlinksInPath().standardizedFileURL
        self.secrets = secrets
        http = Self.client()
        self.now = now
        self.log = log
    }

    /// A client that follows no redirect: it would lead where nothing was granted.
    private static func client() -> HTTPClient {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.connectionPool.idleTimeout = .seconds(30)
        // Nobody is there: that is the answer. Who wants to wait for it makes the call again.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    // The client must be shut down before it goes, and outlives us for that long. A second time is an error, and none to us.
    deinit { http.shutdown(queue: .global()) { _ in } }

    /// Closes its connections; further calls of drivers fail.
    package func shutdown() async { try? await http.shutdown() }

    /// A plugin's own folder for a fleet.
    package func stateFolder(plugin: String, fleet: String) -> URL {
        folder.appending(path: plugin).appending(path: fleet)
    }

    /// Where it is kept which processes it has started: beside its folder, out of its reach.
    func recordFolder(plugin: String, fleet: String) -> URL {
        folder.appending(path: ".processes").appending(path: plugin).appending(path: fleet)
    }

    /// Kills whatever drivers have started over this folder: after a trial, never in a running Troupe.
    func endProcesses() async {
        let records = folder.appending(path: ".processes")
        await blocking {
            for path in (try? FileManager.default.subpathsOfDirectory(atPath: records.path)) ?? [] {
                let text = try? String(contentsOf: records.appending(path: path), encoding: .utf8)
                _ = text.flatMap { ProcessIdentity(record: $0) }?.signal(SIGKILL)
            }
        }
    }

    func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}

/// What a driver says for the log: secrets are taken out of it already.
package struct PluginLogLine: Hashable, Sendable {
    package var plugin: String
    package var fleet: String
    /// The function that was called.
    package var function: String
    package var text: String
}
