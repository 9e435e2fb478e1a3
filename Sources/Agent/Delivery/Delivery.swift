/// Brings what the spool holds to the server, oldest first, one batch at a time.
///
/// A batch that the server refuses for good is dropped with its reason; one that it cannot take now stays and is tried again, with all others behind it.
package struct Delivery: Sendable {
    private let spool: Spool
    private let sender: any BatchSending
    private let clock: any AgentClock
    private let log: AgentLog
    private var backoff: Backoff
    /// Why the server does not take samples now, told once as long as it stays the same; nil while it does.
    private var trouble: String?
    package private(set) var deliveredSamples = 0
    package private(set) var refusedSamples = 0

    package init(spool: Spool, sender: any BatchSending, clock: any AgentClock, backoff: Backoff, log: AgentLog) {
        self.spool = spool
        self.sender = sender
        self.clock = clock
        self.backoff = backoff
        self.log = log
    }

    /// Delivers whenever `arrivals` says that something came, until it ends or the task is cancelled.
    package mutating func run(arrivals: AsyncStream<Void>) async throws {
        try await drain()
        for await _ in arrivals { try await drain() }
    }

    /// Delivers until the spool is empty. Throws only `CancellationError`.
    package mutating func drain() async throws {
        while let record = nextRecord() {
            switch await sender.send(record.body) {
            case .delivered:
                if trouble != nil {
                    log.info("the server takes samples again; \(spool.statistics.pendingSamples) waited")
                }
                trouble = nil
                deliveredSamples += record.samples
                backoff.reset()
                acknowledge(record)
            case .refused(let reason):
                log.error("\(record.samples) samples dropped, the server refuses them: \(reason)")
                refusedSamples += record.samples
                trouble = nil
                backoff.reset()
                acknowledge(record)
            case .later(let reason, let retryAfterMs):
                try Task.checkCancellation()
                if trouble != reason { log.warning("samples are kept until the server takes them: \(reason)") }
                trouble = reason
                try await clock.sleep(ms: backoff.next(atLeast: retryAfterMs ?? 0))
            }
        }
    }

    private func nextRecord() -> SpoolRecord? {
        do throws(SpoolError) {
            return try spool.first()
        } catch {
            log.error("cannot read the spool: \(error)")
            return nil
        }
    }

    private func acknowledge(_ record: SpoolRecord) {
        do throws(SpoolError) {
            try spool.acknowledge(record)
        } catch {
            // It has left the queue; only a restart would send it once more.
            log.error("cannot note what was delivered: \(error)")
        }
    }
}
