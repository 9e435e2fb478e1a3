package import ScriptProtocol

extension ScriptFailure {
    /// What happened and, where it is not plain from that, what to do; without the place.
    package var sentence: String {
        let limits =
            switch kind {
            case .instructionLimit: "does it loop for ever? a script may execute so many instructions and no more"
            case .wallLimit, .deadline: "does it loop for ever?"
            case .memoryLimit: "does it build a table without end?"
            case .workerDied: "the worker process died under it; it is tried anew next time"
            case .quarantined: "it has killed its worker again and again; load a corrected version"
            default: ""
            }
        return limits.isEmpty ? message : "\(message) (\(limits))"
    }

    /// `policies/scaling/x.lua:7: message`.
    package var located: String {
        let place = file.map { file in line.map { "\(file):\($0): " } ?? "\(file): " } ?? ""
        return place + sentence
    }
}
