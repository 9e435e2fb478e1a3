package import NIOCore
import NIOSSL

/// The monitoring agent of one resource: collects what its persona asks for, and streams it to the server.
///
/// ```
///  server ──plan──▶ PlanFollower ──▶ PlanBoard
///                                       │
///  /proc, cgroup, app's metrics ──▶ CollectionLoop ──▶ Spool ──▶ Delivery ──remote write──▶ server
/// ```
/// Three tasks that share no more than the board and the spool, so that none waits for another.
package struct Agent: Sendable {
    private let options: AgentOptions
    private let group: any EventLoopGroup
    private let clock: any AgentClock
    private let log: AgentLog
    private let paths: SystemPaths
    private let seed: UInt64
    private let tls: NIOSSLContext?

    /// `seed` is where all the agent's randomness comes from: the pauses between attempts.
    package init(
        options: AgentOptions,
        group: any EventLoopGroup,
        clock: any AgentClock,
        log: AgentLog,
        paths: SystemPaths,
        seed: UInt64
    ) throws(AgentError) {
        self.options = options
        self.group = group
        self.clock = clock
        self.log = log
        self.paths = paths
        self.seed = seed
        guard ([options.server].compactMap { $0 } + options.scrapes).contains(where: \.isTLS) else {
            tls = nil
            return
        }
        do {
            tls = try TrustedRoots.context(file: options.caFile)
        } catch {
            throw AgentError(
                "cannot use the certificates\(options.caFile.map { " in \($0)" } ?? " of the system"): \(error)"
            )
        }
    }

    /// Runs until `stop` yields. What is collected and not delivered is in the spool then.
    package func run(until stop: AsyncStream<Int32>) async throws(AgentError) {
        guard let server = options.server else { throw AgentError("no server: give --server URL") }
        let token = try checkedToken(for: server)
        let spool = try openSpool()
        let board = PlanBoard(defaultPlan)
        let (arrivals, arrival) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let collection = CollectionLoop(
            board: board,
            resource: options.resource,
            fleet: options.fleet,
            collector: makeCollector(),
            spool: spool,
            arrivals: arrival,
            clock: clock,
            log: log
        )
        let delivery = Delivery(
            spool: spool,
            sender: RemoteWriteSender(client: client(of: server), token: token),
            clock: clock,
            backoff: Backoff(generator: SeededGenerator(seed: seed)),
            log: log
        )
        let follower = makeFollower(server, token, board)
        await withTaskGroup(of: Void.self) { group in
            // Each of them ends only by being cancelled.
            group.addTask {
                var collection = collection
                try? await collection.run()
            }
            group.addTask {
                var delivery = delivery
                try? await delivery.run(arrivals: arrivals)
            }
            group.addTask {
                var follower = follower
                try? await follower.run()
            }
            for await number in stop {
                log.info("ending on signal \(number)")
                break
            }
            group.cancelAll()
        }
        try keep(spool)
    }

    /// Collects for a second and returns what would be sent, as lines `name{labels} value`.
    package func once() async throws(AgentError) -> [String] {
        let board = PlanBoard(defaultPlan)
        if let server = options.server {
            var follower = makeFollower(server, try checkedToken(for: server), board)
            // The server's answer where it is there; it logs where it is not.
            _ = await follower.step()
        }
        let plan = board.current.plan
        var collector = makeCollector()
        // What is a rate has a value from the second collection on.
        _ = await collector.collect(plan, clock: clock)
        try? await clock.sleep(ms: 1000)
        let readings = await collector.collect(plan, clock: clock).readings
        let fleet = plan.fleet.isEmpty ? options.fleet ?? "" : plan.fleet
        return readings.map { ReadingLine.text($0, fleet: fleet, resource: options.resource) }
    }

    private var defaultPlan: CollectionPlan {
        .systemOnly(resource: options.resource, fleet: options.fleet, intervalSeconds: options.intervalSeconds)
    }

    private func client(of address: HTTPAddress) -> HTTPClient {
        HTTPClient(address, group: group, tls: tls, userAgent: "troupe-agent/\(AgentHelp.version)")
    }

    private func makeCollector() -> Collector {
        let targets = options.scrapes.map { Scraper.Target(address: $0, client: client(of: $0)) }
        return Collector(paths: paths, scraper: Scraper(targets: targets, log: log))
    }

    private func makeFollower(_ server: HTTPAddress, _ token: BearerToken, _ board: PlanBoard) -> PlanFollower {
        PlanFollower(
            client: client(of: server),
            token: token,
            resource: options.resource,
            board: board,
            clock: clock,
            backoff: Backoff(generator: SeededGenerator(seed: seed ^ 1)),
            log: log
        )
    }

    /// A token that cannot be read from the start is a mistake to be told at once; later it may be just being replaced.
    private func checkedToken(for server: HTTPAddress) throws(AgentError) -> BearerToken {
        let token = BearerToken(file: options.tokenFile)
        do throws(BearerToken.Failure) {
            if try token.header() != nil, !server.isTLS, !server.isLoopback {
                log.warning("the token goes to \(server) unencrypted; use https")
            }
        } catch {
            throw AgentError("--token-file: \(error)")
        }
        return token
    }

    private func openSpool() throws(AgentError) -> Spool {
        do throws(SpoolError) {
            let spool = try Spool(directory: options.spool, limitBytes: options.spoolBytes)
            let found = spool.statistics
            if found.damagedBytes > 0 {
                log.warning("\(found.damagedBytes) damaged bytes were cut off the spool in \(options.spool)")
            }
            if found.pendingSamples > 0 {
                log.info("\(found.pendingSamples) samples of an earlier run are waiting in the spool")
            }
            return spool
        } catch {
            throw AgentError("cannot use the spool: \(error). Give a folder that the agent may write to by --spool DIR")
        }
    }

    private func keep(_ spool: Spool) throws(AgentError) {
        do throws(SpoolError) {
            try spool.synchronize()
        } catch {
            throw AgentError("what is not delivered may be lost: \(error)")
        }
        let left = spool.statistics.pendingSamples
        if left > 0 { log.info("\(left) samples wait in the spool for the next run") }
    }
}

/// Why the agent cannot run: what happened and what to do.
package struct AgentError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
