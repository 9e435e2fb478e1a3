public import ArgumentParser
import Foundation
public import Logging

/// `--log-level` and `--log-format`.
struct LogOptions: ParsableArguments {
    @Option(help: "What is logged: debug, info, notice, warning or error, and all that is graver.")
    var logLevel = Logger.Level.info

    @Option(help: "How: `text`, or `json`, one object a line.")
    var logFormat = LineLogHandler.Format.text

    /// A logger that writes to standard error.
    func logger() -> Logger {
        let handler = LineLogHandler(level: logLevel, format: logFormat) { line in
            Terminal.write(line, to: STDERR_FILENO)
        }
        return Logger(label: "troupe") { _ in handler }
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}
extension LineLogHandler.Format: ExpressibleByArgument {}
