import ScriptProtocol

// Texts of a worker end up in logs and terminals. Workers clean them; here it is made sure, since a worker may be a script's by now.

extension ScriptResult {
    var cleaned: ScriptResult {
        var result = self
        result.log = log.map(\.cleaned)
        for i in result.transcript.indices { result.transcript[i].call = transcript[i].call.cleaned }
        return result
    }
}

extension ScriptFailure {
    var cleaned: ScriptFailure {
        var failure = self
        failure.message = message.cleaned
        failure.file = file?.cleaned
        failure.log = log.map(\.cleaned)
        for i in failure.transcript.indices { failure.transcript[i].call = transcript[i].call.cleaned }
        return failure
    }
}

extension String {
    /// Without what would break a line, steer a terminal or turn the reading direction.
    var cleaned: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 == 0x7f || $0 == 0xc2 || $0 == 0xe2 }) else { return self }
        var result = String.UnicodeScalarView()
        for scalar in unicodeScalars { result.append(scalar.isHarmful ? "\u{FFFD}" : scalar) }
        return String(result)
    }
}

extension Unicode.Scalar {
    fileprivate var isHarmful: Bool {
        switch value {
        case 0x09: false
        // Control characters, C0 and C1.
        case 0x00..<0x20, 0x7f...0x9f: true
        // Line and paragraph separators, embeddings, overrides and isolates.
        case 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
