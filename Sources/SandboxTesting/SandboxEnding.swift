package import ScriptProtocol

/// How one run of a script ended, as far as a sandbox is judged by it.
package struct SandboxEnding: Hashable, Sendable {
    /// `returned`, or what kind of failure it was.
    package enum Kind: Hashable, Sendable {
        case returned
        case failed(ScriptFailure.Kind)
    }

    package let kind: Kind
    /// What was returned, or what the error says and where.
    package private(set) var detail: String
    /// Of all that the detail would say if it were not short.
    private let fingerprint: Int
    /// A result or a line of the log says `ESCAPED`: the script got at what it must not see.
    package let hasEscaped: Bool
    package let usage: ScriptUsage

    package init(_ answer: Result<ScriptResult, ScriptFailure>) {
        switch answer {
        case .success(let result):
            kind = .returned
            hasEscaped = result.log.contains { $0.hasPrefix("ESCAPED") } || Self.escapes(result.value)
            let words = result.value.words
            detail = Self.printable(words, longest: 200)
            fingerprint = words.hashValue
            usage = result.usage
        case .failure(let failure):
            kind = .failed(failure.kind)
            hasEscaped = failure.log.contains { $0.hasPrefix("ESCAPED") }
            let place = failure.file.map { "\($0):\(failure.line.map { "\($0): " } ?? " ")" } ?? ""
            detail = place + failure.message
            fingerprint = detail.hashValue
            usage = failure.usage
        }
    }

    /// The script came to its end as it wanted; a result that is no plain data counts as that.
    package var isNormal: Bool { kind == .returned || kind == .failed(.badResult) }

    /// The worker or its supervisor stopped it.
    package var isLimit: Bool {
        switch kind {
        case .returned, .failed(.syntax), .failed(.raised), .failed(.blind), .failed(.badResult): false
        case .failed: true
        }
    }

    /// The worker crashed, or said what no worker says.
    package var isBroken: Bool { kind == .failed(.workerDied) || kind == .failed(.protocolViolation) }

    var short: SandboxEnding {
        var short = self
        short.detail = ""
        return short
    }

    package var words: String {
        switch kind {
        case .returned: "returned"
        case .failed(let kind): kind.words
        }
    }

    /// Whether another run ended the same.
    func isSame(as other: SandboxEnding) -> Bool { kind == other.kind && fingerprint == other.fingerprint }

    /// A script's text has no business in a terminal as it is.
    private static func printable(_ text: String, longest: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) {
            scalars.append(scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }

    private static func escapes(_ value: ScriptValue) -> Bool {
        switch value {
        case .string(let text): text.hasPrefix("ESCAPED")
        case .list(let items): items.contains(where: escapes)
        case .table(let fields): fields.contains { $0.key.hasPrefix("ESCAPED") || escapes($0.value) }
        default: false
        }
    }
}

extension ScriptFailure.Kind {
    fileprivate var words: String {
        switch self {
        case .syntax: "syntax error"
        case .raised: "error"
        case .blind: "blind"
        case .instructionLimit: "instruction limit"
        case .wallLimit: "time limit"
        case .memoryLimit: "memory limit"
        case .logLimit: "log limit"
        case .resultLimit: "result limit"
        case .sourceLimit: "source limit"
        case .badResult: "no plain result"
        case .deadline: "killed at deadline"
        case .workerDied: "worker died"
        case .protocolViolation: "worker spoke nonsense"
        case .quarantined: "quarantined"
        case .unavailable: "not run"
        }
    }
}
