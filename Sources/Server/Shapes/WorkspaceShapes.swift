import Control

extension Shape where Value == WorkspaceVersion {
    static var workspace: Shape {
        .object(
            "WorkspaceVersion",
            "A workspace that is, or was, in force.",
            [
                .member("version", .integer) { $0.version },
                .member("at", .instant) { $0.at },
                .member("by", .string) { $0.by },
                .member("reason", .string) { $0.reason },
                .member("digest", .string, "SHA-256 over its files.") { $0.digest },
                .member("in_force", .bool) { $0.isInForce },
                .member("fleets", Shape<String>.string.array()) { $0.fleets },
                .member("policies", Shape<String>.string.array()) { $0.policies },
            ]
        )
    }
}
