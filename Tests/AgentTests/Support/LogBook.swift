import Agent
import Synchronization

/// Keeps what is logged.
final class LogBook: Sendable {
    private let entries = Mutex<[String]>([])

    var lines: [String] { entries.withLock { $0 } }

    var log: AgentLog {
        AgentLog { level, message in self.entries.withLock { $0.append("\(level.rawValue): \(message)") } }
    }

    func contains(_ part: String) -> Bool {
        lines.contains { $0.contains(part) }
    }
}
