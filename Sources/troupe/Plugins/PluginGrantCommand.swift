import ArgumentParser
import Domain
import Drivers
import Foundation
import Scripting
import StateStore

struct PluginGrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Shows what a driver needs, and with --yes lets it.",
        discussion: """
            A driver whose needs have grown since is held until it is granted anew. A running Troupe takes a grant, and its \
            withdrawal, at once. Both are written to the audit, with the user of this machine.

              troupe plugin grant acme
              troupe plugin grant acme --yes
              troupe plugin grant acme --revoke
            """
    )

    @Argument(help: "The driver.")
    var name: String

    @Flag(help: "Grant all that is shown.")
    var yes = false

    @Flag(help: "Withdraw what was granted: its fleets are held.")
    var revoke = false

    @Option(help: "Where databases are kept. (default: $TROUPE_DATA, or .troupe)", completion: .directory)
    var data: String?

    @OptionGroup var workspace: WorkspaceOption
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if yes, revoke { throw ValidationError("--yes grants and --revoke withdraws: give one of them.") }
    }

    func run() async throws {
        try await output.reporting {
            let folder = DataFolder(data)
            if revoke {
                // Also for one that is no longer in the workspace.
                guard let was = try GrantBook.read(folder)[name] else {
                    throw Failure("driver \"\(name)\" was granted nothing")
                }
                let store = try StateStore(path: folder.state)
                try store.auditing("revoke plugin", of: name, detail: Self.words(was)) {
                    try store.removeGrant(of: name)
                }
                return try output.report(Result(plugin: name, needs: [], granted: false)) { _ in
                    ["driver \(name) is granted nothing any more; its fleets are held"]
                }
            }
            try await withPlugins(workspace.workspace) { plugins, workers in
                let plugin = try plugins.named(name)
                let before = try GrantBook.read(folder)[name]
                let missing = Set(GrantedDriver.missing(plugin, granted: before?.needs))
                let targets = await NamedTargets.of(plugin, in: workspace.workspace, workers: workers)
                let shown = plugin.needs.lines.map {
                    (missing.contains($0) ? "  new  " : "       ") + $0 + targets.words(for: $0)
                }
                if yes {
                    try folder.create()
                    let grant = StoredGrant(
                        plugin: plugin.name,
                        version: plugin.version,
                        needs: plugin.needs.lines,
                        at: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)),
                        by: ProcessInfo.processInfo.userName
                    )
                    let store = try StateStore(path: folder.state)
                    try store.auditing("grant plugin", of: name, detail: Self.words(grant)) { try store.store(grant) }
                }
                try output.report(
                    Result(
                        plugin: name,
                        needs: plugin.needs.lines,
                        granted: yes || (before != nil && missing.isEmpty),
                        targets: targets
                    )
                ) { _ in
                    let head =
                        "driver \(plugin.name) \(plugin.version) "
                        + (shown.isEmpty ? "needs nothing outside of its script" : "needs")
                    let end =
                        yes
                        ? "granted"
                        : before != nil && missing.isEmpty
                            ? "all of it is granted already"
                            : "not granted: run it again with --yes to grant all of this"
                    return [head] + shown + [end]
                }
                if !yes, before == nil || !missing.isEmpty { throw ExitCode.failure }
            }
        }
    }

    private static func words(_ grant: StoredGrant) -> String {
        "version \(grant.version): \(grant.needs.isEmpty ? "nothing" : grant.needs.joined(separator: "; "))"
    }

    private struct Result: Encodable {
        let plugin: String
        let needs: [String]
        let granted: Bool
        var targets: [NamedTargets] = []
    }
}
