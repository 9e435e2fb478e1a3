import CLuaGuard
import ScriptProtocol

extension guard_ending {
    /// What the ending is called outside; nil where nothing went wrong.
    var kind: ScriptFailure.Kind? {
        switch self {
        case GUARD_FINE: nil
        case GUARD_SYNTAX: .syntax
        case GUARD_BLIND: .blind
        case GUARD_BAD_RESULT: .badResult
        case GUARD_INSTRUCTIONS: .instructionLimit
        case GUARD_WALL: .wallLimit
        case GUARD_MEMORY: .memoryLimit
        case GUARD_LOG: .logLimit
        case GUARD_RESULT: .resultLimit
        default: .raised
        }
    }

    /// What a host function may end with; a limit is nothing that it could have hit.
    init(refusing kind: ScriptFailure.Kind) {
        self =
            switch kind {
            case .blind: GUARD_BLIND
            case .syntax: GUARD_SYNTAX
            default: GUARD_RAISED
            }
    }
}

extension ScriptLimits {
    var forGuard: guard_limits {
        guard_limits(
            instructions: instructions,
            wall_nanoseconds: min(max(0, wallMilliseconds), 1 << 40) * 1_000_000,
            memory_bytes: memoryBytes,
            log_bytes: logBytes,
            result_bytes: max(0, resultBytes)
        )
    }

    /// A sentence that says which limit was hit; nil for what is none.
    func sentence(_ kind: ScriptFailure.Kind) -> String? {
        switch kind {
        case .instructionLimit: "the script executed more than \(instructions) instructions"
        case .wallLimit: "the script ran longer than \(wallMilliseconds) ms"
        case .memoryLimit: "the script needs more than \(memoryBytes) bytes of memory"
        case .logLimit: "the script printed more than \(logBytes) bytes"
        case .resultLimit: "the script hands over more than \(resultBytes) bytes of data"
        case .sourceLimit: "the script is longer than \(sourceBytes) bytes"
        default: nil
        }
    }
}
