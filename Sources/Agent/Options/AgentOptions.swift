/// How an agent is to run.
package struct AgentOptions: Hashable, Sendable {
    /// Nil only with `once`.
    package var server: HTTPAddress?
    package var tokenFile: String?
    package var resource: String
    package var fleet: String?
    package var scrapes: [HTTPAddress] = []
    /// Until the server's plan says otherwise.
    package var intervalSeconds = 10
    package var spool = "/var/lib/troupe-agent"
    package var spoolBytes = 64 << 20
    package var caFile: String?
    package var once = false

    package init(resource: String) {
        self.resource = resource
    }
}

/// What a command line asks for.
package enum AgentCommand: Hashable, Sendable {
    case run(AgentOptions)
    case help
    case version
}

/// A command line or environment that cannot be understood: what was found, where, and what is expected.
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
