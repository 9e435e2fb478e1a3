package import Domain

/// Why something that was asked of the control plane was not done.
package struct ControlError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, Codable {
        case notFound = "not_found"
        case invalid
        case conflict
        case invalidWorkspace = "invalid_workspace"
        case unavailable
    }

    package var kind: Kind
    /// What happened, where, and what to do; a full sentence or two.
    package var message: String
    /// Of a workspace that does not load.
    package var diagnostics: [Diagnostic]

    package var description: String { message }

    package init(_ kind: Kind, _ message: String, diagnostics: [Diagnostic] = []) {
        self.kind = kind
        self.message = message
        self.diagnostics = diagnostics
    }
}
