import Glibc

/// Where the worker's file is.
enum WorkerExecutable {
    static let variable = "TROUPE_WORKER"

    /// The absolute path of the worker: as configured, else from the environment, else beside the running executable.
    static func find(configured: String?) throws(WorkerPoolError) -> String {
        let named = configured ?? getenv(variable).map { String(cString: $0) }
        guard let path = named ?? besideThisExecutable() else {
            throw WorkerPoolError(
                .missing,
                "it is not known where this program lies, so neither is its script worker",
                advice: "Set \(variable) to the path of troupe-worker."
            )
        }
        guard let resolved = realpath(path, nil) else {
            throw WorkerPoolError(
                .missing,
                "there is no script worker at \(path): \(SystemError.text(errno))",
                advice: "Put troupe-worker beside this program, or set \(variable) to its path."
            )
        }
        defer { free(resolved) }
        guard access(resolved, X_OK) == 0 else {
            throw WorkerPoolError(
                .cannotStart,
                "the script worker \(path) cannot be executed: \(SystemError.text(errno))",
                advice: "Make it executable, or set \(variable) to one that is."
            )
        }
        return String(cString: resolved)
    }

    private static func besideThisExecutable() -> String? {
        guard let own = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(own) }
        let path = String(cString: own)
        guard let slash = path.lastIndex(of: "/") else { return nil }
        return path[...slash] + "troupe-worker"
    }
}
