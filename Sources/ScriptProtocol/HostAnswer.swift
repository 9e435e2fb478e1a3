/// What the host answers to a call that a run makes.
package enum HostAnswer: Hashable, Sendable {
    case value(ScriptValue)
    /// The call cannot be answered; raised as an error at the script's line.
    case failure(String)
    /// There is no value to be seen; ends the run as `ScriptFailure.Kind.blind` where the script does not handle it.
    case blind(String)
}
