import Control
import Domain
import Synchronization

extension FakeControlPlane {
    func workspaceVersion() async -> WorkspaceVersion {
        state.withLock { state in state.versions.first { $0.isInForce } ?? state.versions[0] }
    }

    func workspaceHistory(limit: Int) async throws(ControlError) -> [WorkspaceVersion] {
        state.withLock { Array($0.versions.suffix(limit)) }
    }

    func load(files: [WorkspaceFile], by: String, reason: String) async throws(ControlError) -> WorkspaceVersion {
        try check()
        let wrong = files.filter { $0.text.contains("error") }
        guard wrong.isEmpty else {
            throw ControlError(
                .invalidWorkspace,
                "The workspace does not load; what was in force still is.",
                diagnostics: wrong.map {
                    Diagnostic(file: $0.path, line: 1, message: "unknown key perosna", suggestion: "persona")
                }
            )
        }
        return enter(by, reason)
    }

    func rollback(to version: Int64?, by: String, reason: String) async throws(ControlError) -> WorkspaceVersion {
        if let version, !state.withLock({ $0.versions.contains { $0.version == version } }) {
            throw ControlError(.notFound, "There is no version \(version).")
        }
        return enter(by, reason)
    }

    private func enter(_ by: String, _ reason: String) -> WorkspaceVersion {
        state.withLock { state in
            for index in state.versions.indices { state.versions[index].isInForce = false }
            let version = WorkspaceVersion(
                version: Int64(state.versions.count + 1),
                at: Self.start,
                by: by,
                reason: reason,
                digest: "bb",
                isInForce: true,
                fleets: ["batch", "storefront"],
                policies: ["latency-guard"]
            )
            state.versions.append(version)
            state.sources.version += 1
            return version
        }
    }
}
