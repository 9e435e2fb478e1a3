import Glibc

/// The variables that the agent was started with.
package enum AgentEnvironment {
    package static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        for flag in AgentFlag.allCases.map(\.variable) + ["STATE_DIRECTORY"] {
            if let value = getenv(flag) { variables[flag] = String(cString: value) }
        }
        return variables
    }
}
