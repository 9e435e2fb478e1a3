package import ScriptProtocol

extension ScriptFailure {
    /// What happened and, where it is not plain from that, what to do; without the place.
    package var sentence: String {
        let advice =
            switch kind {
            case .instructionLimit: "does it loop for ever? a script may execute so many instructions and no more"
            case .wallLimit, .deadline: "does it loop for ever?"
            case .memoryLimit: "does it build a table without end?"
            case .workerDied: "it is tried anew next time"
            case .quarantined: "it has killed its worker again and again; load a corrected version"
            default: ""
            }
        if advice.isEmpty && used.isEmpty { return message }
        // What workers and pool say ends in a full stop, what Lua says does not.
        let clause = (message.hasSuffix(".") ? String(message.dropLast()) : message) + used
        return advice.isEmpty ? clause : "\(clause) (\(advice))"
    }

    /// What the run had used when it met its limit; empty where no limit ended it.
    private var used: String {
        let amount = ", having used \(usage.instructions) instructions and \(usage.peakMemoryBytes / 1024) KiB"
        return switch kind {
        // No time where it did not end the run: the same run says the same each time.
        case .instructionLimit, .memoryLimit, .logLimit, .resultLimit: amount
        case .wallLimit: "\(amount) in \(usage.wallMicroseconds / 1000) ms"
        default: ""
        }
    }

    /// `policies/scaling/x.lua:7: message`.
    package var located: String {
        let place = file.map { file in line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        return place + sentence
    }
}
