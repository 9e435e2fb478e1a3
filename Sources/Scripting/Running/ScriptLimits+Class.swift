package import ScriptProtocol

/// What each class of script may use. All limits of the project stand here.
extension ScriptLimits {
    /// A persona, a fleet, a policy or a module, while the workspace is loaded.
    ///
    /// Instructions end a script that loops, on every machine at the same one; the time is only for what instructions do not count, and
    /// long enough for a machine that is busy.
    package static let definition = ScriptLimits(
        instructions: 2_000_000,
        wallMilliseconds: 2000,
        memoryBytes: 16 << 20,
        logBytes: 16 << 10,
        resultBytes: 512 << 10
    )

    /// One run of a policy or one of its hooks: every fleet, several times a minute.
    package static let policy = ScriptLimits(
        instructions: 5_000_000,
        wallMilliseconds: 250,
        memoryBytes: 16 << 20,
        logBytes: 16 << 10,
        resultBytes: 256 << 10
    )

    /// One call of a driver's function.
    ///
    /// Its time is that of the script alone: what it waits for the host has a deadline of its own. But each of thousands of questions to
    /// the host costs some of it on a busy machine, and whoever computes for long meets the instructions first.
    package static let driver = ScriptLimits(
        instructions: 50_000_000,
        wallMilliseconds: 10_000,
        memoryBytes: 48 << 20,
        logBytes: 32 << 10,
        resultBytes: 4 << 20
    )

    /// One case of a policy test.
    ///
    /// It waits for whole simulations, so its time is a person's, not a loop's.
    package static let test = ScriptLimits(
        instructions: 50_000_000,
        wallMilliseconds: 60_000,
        memoryBytes: 32 << 20,
        logBytes: 64 << 10,
        resultBytes: 512 << 10
    )

    /// What a policy may remember between runs.
    package static let stateBytes = 16 << 10
}
