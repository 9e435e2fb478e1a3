import Glibc

/// What the agent tells the one who runs it, line by line.
package struct AgentLog: Sendable {
    package enum Level: String, Sendable {
        case info
        case warning
        case error
    }

    private let write: @Sendable (Level, String) -> Void

    package init(write: @escaping @Sendable (Level, String) -> Void) {
        self.write = write
    }

    package func info(_ message: String) { write(.info, message) }
    package func warning(_ message: String) { write(.warning, message) }
    package func error(_ message: String) { write(.error, message) }

    /// To standard error, as one write per line. Service managers add the time.
    package static let standardError = AgentLog { level, message in
        let line = "troupe-agent: \(level.rawValue): \(message)\n"
        _ = line.utf8.withContiguousStorageIfAvailable { Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
