import Foundation
import Logging

/// Writes each log record as one line: for people, or as a JSON object.
///
///     2026-11-25T13:40:12.345Z warning driver failed  fleet=storefront what="…"
struct LineLogHandler: LogHandler {
    enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let format: Format
    private let write: @Sendable (String) -> Void

    /// - Parameter write: takes a whole line with its end; called from any thread.
    init(level: Logger.Level, format: Format, write: @escaping @Sendable (String) -> Void) {
        logLevel = level
        self.format = format
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let extra = event.metadata { all.merge(extra) { _, new in new } }
        let time = Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let fields = all.map { ($0.key, "\($0.value)") }.sorted { $0.0 < $1.0 }
        switch format {
        case .text:
            var line = "\(time) \(event.level) \(event.message)"
            if !fields.isEmpty { line += " " }
            for (key, value) in fields { line += " \(key)=\(Self.quoted(value))" }
            write(line + "\n")
        case .json:
            var record = ["time": time, "level": event.level.rawValue, "message": "\(event.message)"]
            for (key, value) in fields { record[record[key] == nil ? key : "_\(key)"] = value }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let data = try? encoder.encode(record) else { return }
            write(String(decoding: data, as: UTF8.self) + "\n")
        }
    }

    /// A value is one word, or stands in quotes; a line stays a line, whatever a script says.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty
            && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "=" }
        guard !isPlain else { return value }
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F: text += "?"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
