import Control
import HTTPTypes

/// The workspace: what is in force, loading another, going back.
struct WorkspaceRoutes {
    let services: RouteServices

    var routes: [Route] { [current, load, history, rollback] }

    private static let reason = Schema.Property.optional(
        "reason",
        .string(.prose(500)),
        "Why, for whoever reads the history."
    )

    private var current: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/v1/workspace",
            permission: .read,
            operation: "getWorkspace",
            summary: "Read which workspace is in force",
            tag: "workspace",
            success: .json(Shape<WorkspaceVersion>.workspace, "The version in force."),
            hasETag: true
        ) { _ in .json(.workspace, await control.workspaceVersion()) }
    }

    private var load: Route {
        let control = services.control
        let file = Schema(
            .named(
                "WorkspaceFile",
                .object(
                    .required("path", .string(.path), "Below the workspace's folder."),
                    .required("text", .string(.upTo(1 << 20)))
                )
            )
        )
        let body = Schema(
            .named(
                "WorkspaceFiles",
                .object(
                    .required("files", .array(of: file, atMost: 2000), "All files; those that are not there are gone."),
                    Self.reason
                )
            )
        )
        return Route(
            method: .put,
            path: "/v1/workspace",
            permission: .administer,
            operation: "loadWorkspace",
            summary: "Load a workspace, whole or not at all",
            tag: "workspace",
            body: .json(body, maximumBytes: 8 << 20),
            success: .json(Shape<WorkspaceVersion>.workspace, "The version that is in force now."),
            problems: [.conflict, .unprocessable, .unavailable],
            takesIfMatch: true,
            action: "load workspace"
        ) { call in
            let files = (call["files"]?.array ?? [])
                .map { WorkspaceFile(path: $0["path"]?.string ?? "", text: $0["text"]?.string ?? "") }
            let reason = call["reason"]?.string ?? ""
            call.notes.note("\(files.count) files" + (reason.isEmpty ? "" : ": \(reason)"))
            if call.headers[.ifMatch] != nil {
                try call.requireMatch(.json(.workspace, await control.workspaceVersion()))
            }
            var paths: Set<String> = []
            for file in files where !paths.insert(file.path).inserted {
                throw Problem(.unprocessable, "The file \(file.path) is there twice; nothing was loaded.")
            }
            return .json(.workspace, try await control.load(files: files, by: call.caller.name, reason: reason))
        }
    }

    private var history: Route {
        let control = services.control
        let shape = Shape<[WorkspaceVersion]>
            .list(
                "WorkspaceHistory",
                "versions",
                "Versions of the workspace, the latest first.",
                of: .workspace
            )
        return Route(
            method: .get,
            path: "/v1/workspace/history",
            permission: .read,
            operation: "listWorkspaceVersions",
            summary: "List earlier workspaces",
            tag: "workspace",
            query: [.limit(50, atMost: 1000)],
            success: .json(shape, "The versions."),
            problems: [.unavailable],
            hasETag: true
        ) { call in
            let limit = Int(call.query.integer("limit") ?? 50)
            let versions = try await control.workspaceHistory(limit: limit)
            return .json(shape, versions.sorted { $0.version > $1.version })
        }
    }

    private var rollback: Route {
        let control = services.control
        let body = Schema(
            .named(
                "Rollback",
                .object(
                    .optional("version", .integer(1...(1 << 53)), "Which one; without it, the one before the current."),
                    Self.reason
                )
            )
        )
        return Route(
            method: .post,
            path: "/v1/workspace/rollback",
            permission: .administer,
            operation: "rollbackWorkspace",
            summary: "Put an earlier workspace in force again",
            tag: "workspace",
            body: .json(body),
            success: .json(Shape<WorkspaceVersion>.workspace, "The version that is in force now."),
            problems: [.notFound, .conflict, .unprocessable, .unavailable],
            action: "roll back workspace"
        ) { call in
            let version = call["version"]?.integer
            let reason = call["reason"]?.string ?? ""
            call.notes.note(
                (version.map { "to version \($0)" } ?? "to the one before") + (reason.isEmpty ? "" : ": \(reason)")
            )
            return .json(
                .workspace,
                try await control.rollback(to: version, by: call.caller.name, reason: reason)
            )
        }
    }
}
