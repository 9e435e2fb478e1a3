/// Why a worker cannot be used any more.
enum Trouble: Error {
    /// A clause.
    case deadline(String)
    /// Closed by the worker.
    case closed
    /// What it did wrong, a clause.
    case malformed(String)
    case shutDown
}
