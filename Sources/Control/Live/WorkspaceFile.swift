/// One file of a workspace as it is sent: `policies/scaling/latency-guard.lua`.
package struct WorkspaceFile: Sendable, Codable, Equatable {
    package var path: String
    package var text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}
