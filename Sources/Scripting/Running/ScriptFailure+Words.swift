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
        if advice.isEmpty { return message }
        // What workers and pool say ends in a full stop, what Lua says does not.
        return "\(message.hasSuffix(".") ? String(message.dropLast()) : message) (\(advice))"
    }

    /// `policies/scaling/x.lua:7: message`.
    package var located: String {
        let place = file.map { file in line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        return place + sentence
    }
}
