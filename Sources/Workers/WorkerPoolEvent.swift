/// What happened to a worker or a script, for the log.
package enum WorkerPoolEvent: Hashable, Sendable, CustomStringConvertible {
    case started(worker: Int32)
    /// It has no filter of system calls, which was allowed: what a script breaks out of Lua with, it has in its hands.
    case unfiltered(worker: Int32, reason: String)
    /// It could not be started; tried again after a pause.
    case notStarted(reason: String, retryMilliseconds: Int64)
    /// Killed by the pool, with the script that it ran.
    case killed(worker: Int32, script: String, reason: String)
    /// Gone by itself or from outside; `script` is what it ran, if anything.
    case died(worker: Int32, script: String?, how: String)
    /// Replaced after long service.
    case recycled(worker: Int32)
    case quarantined(script: String, reason: String)
    case lifted(script: String)

    package var description: String {
        switch self {
        case .started(let worker): "worker \(worker) started"
        case .unfiltered(let worker, let reason): "worker \(worker) runs WITHOUT a filter of system calls: \(reason)"
        case .notStarted(let reason, let retry): "no worker could be started: \(reason); trying again in \(retry) ms"
        case .killed(let worker, let script, let reason): "worker \(worker) killed while it ran \(script): \(reason)"
        case .died(let worker, let script?, let how): "worker \(worker) \(how) while it ran \(script)"
        case .died(let worker, nil, let how): "worker \(worker) \(how) while it was idle"
        case .recycled(let worker): "worker \(worker) replaced after long service"
        case .quarantined(let script, let reason): "\(script) is quarantined: \(reason)"
        case .lifted(let script): "the quarantine of \(script) is lifted"
        }
    }
}
