import Domain
import Foundation
import Scripting
import Workers

/// Loads a workspace, whole or not at all, from a folder or from files that are held.
struct WorkspaceLoader: Sendable {
    let workers: WorkerPool
    let drivers: [DriverInterface]

    /// A workspace, with the files that it was made of.
    struct Loaded: Sendable {
        var workspace: Workspace
        var snapshot: WorkspaceSnapshot
    }

    /// Someone may be saving a file in it meanwhile: it is read until it is the same before and after.
    func load(folder: URL) async throws(ControlError) -> Loaded {
        var before = WorkspaceSnapshot(folder: folder)
        for _ in 0..<3 {
            let workspace = try await load(from: folder)
            let after = WorkspaceSnapshot(folder: folder)
            if after == before { return Loaded(workspace: workspace, snapshot: after) }
            before = after
        }
        throw ControlError(
            .conflict,
            "The workspace in \(folder.path) keeps changing while it is loaded. Load it again when it is quiet."
        )
    }

    /// Scripting reads folders, with all that may be wrong with one; files that are sent go through one of their own, which is gone
    /// afterwards.
    func load(_ snapshot: WorkspaceSnapshot) async throws(ControlError) -> Loaded {
        let folder = FileManager.default.temporaryDirectory.appending(path: "troupe-workspace-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try snapshot.write(to: folder)
        } catch {
            throw ControlError(
                .unavailable,
                "The workspace cannot be unpacked in \(folder.deletingLastPathComponent().path) (\(error.localizedDescription)). Is the disk full?"
            )
        }
        return Loaded(workspace: try await load(from: folder), snapshot: snapshot)
    }

    private func load(from folder: URL) async throws(ControlError) -> Workspace {
        do throws(WorkspaceErrors) {
            return try await Workspace.load(folder: folder, workers: workers, drivers: drivers)
        } catch {
            let count = error.diagnostics.count == 1 ? "1 error" : "\(error.diagnostics.count) errors"
            throw ControlError(
                .invalidWorkspace,
                "The workspace has \(count); nothing of it was loaded, and what was in force stays so.",
                diagnostics: error.diagnostics
            )
        }
    }
}
