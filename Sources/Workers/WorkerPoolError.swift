/// Why there is no pool of script workers: what happened, where, and what to do.
package struct WorkerPoolError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// There is no worker executable where one is looked for.
        case missing
        /// The executable is there and does not start.
        case cannotStart = "cannot_start"
        /// The kernel gives workers no filter of system calls, and nobody has allowed to go on without.
        case unfiltered
        /// The system has no descriptor or thread left for the pool.
        case system
        /// A configuration that no pool can follow.
        case invalid
    }

    package let code: Code
    /// What happened, one clause.
    package let what: String
    /// What to do about it, one sentence.
    package let advice: String

    package init(_ code: Code, _ what: String, advice: String) {
        self.code = code
        self.what = what
        self.advice = advice
    }

    package var description: String { "\(what). \(advice)" }
}

extension WorkerPoolError {
    static func unfiltered(_ reason: String) -> WorkerPoolError {
        WorkerPoolError(
            .unfiltered,
            "script workers would run without a filter of system calls: \(reason)",
            advice:
                "Use a kernel or a container profile with seccomp; or, where every script is trusted, start `troupe serve` with "
                + "--allow-no-seccomp, or any command with \(WorkerPool.allowanceVariable)=1."
        )
    }
}
