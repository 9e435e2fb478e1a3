import NIOHTTP1

/// Asks the server again and again what to collect, by requests that the server answers when something changes.
///
/// Whatever goes wrong, the plan that was last in force stays in force.
package struct PlanFollower: Sendable {
    private let client: HTTPClient
    private let token: BearerToken
    private let resource: String
    private let board: PlanBoard
    private let clock: any AgentClock
    private let log: AgentLog
    private var backoff: Backoff
    private var tag: String?
    /// How often in a row the server did not know the resource.
    private var unknowns = 0
    /// What was last logged, so that a lasting trouble is told once.
    private var trouble: String?

    /// How long the server may hold a request back.
    private static let waitSeconds: Int64 = 25
    /// A server that does not hold requests back is asked no more often than this.
    private static let leastPauseMs: Int64 = 1000
    private static let mostUnknownPauseMs: Int64 = 30_000

    package init(
        client: HTTPClient,
        token: BearerToken,
        resource: String,
        board: PlanBoard,
        clock: any AgentClock,
        backoff: Backoff,
        log: AgentLog
    ) {
        self.client = client
        self.token = token
        self.resource = resource
        self.board = board
        self.clock = clock
        self.backoff = backoff
        self.log = log
    }

    /// Follows until the task is cancelled. Throws only `CancellationError`.
    package mutating func run() async throws {
        while true {
            try Task.checkCancellation()
            let start = clock.now().monotonicMs
            var pause = await step()
            if pause == 0 { pause = max(0, Self.leastPauseMs - (clock.now().monotonicMs - start)) }
            if pause > 0 { try await clock.sleep(ms: pause) }
        }
    }

    /// One request. Returns how long to wait before the next, in milliseconds.
    package mutating func step() async -> Int64 {
        let answer: HTTPAnswer
        do {
            var headers = [("Accept", "application/json")]
            if let token = try token.header() { headers.append(token) }
            if let tag { headers.append(("If-None-Match", tag)) }
            let path = "/v1/agents/\(PercentEncoding.segment(resource))/plan?wait=\(Self.waitSeconds)"
            answer = try await client.send(
                HTTPQuery(.GET, path, headers: headers),
                timeoutMs: (Self.waitSeconds + 10) * 1000,
                mostBytes: JSONParser.mostBytes
            )
        } catch {
            if !Task.isCancelled { report("cannot ask for the collection plan: \(error)") }
            return backoff.next()
        }
        switch answer.status {
        case 200:
            take(answer)
            return answer.headers.first(name: "ETag") == nil ? Self.waitSeconds * 1000 : 0
        case 304:
            settle()
            return 0
        case 404:
            report("the server does not know the resource “\(resource)” yet (HTTP 404)")
            // One that has just been started is known as soon as its driver has been asked again; until then its demand would be missed.
            let bound = min(Self.mostUnknownPauseMs, 1000 << Int64(min(unknowns, 10)))
            unknowns += 1
            return bound / 2 + min(bound / 2, backoff.next())
        default:
            report("the server gives no collection plan: HTTP \(answer.status) \(answer.excerpt)")
            return backoff.next(atLeast: answer.retryAfterMs ?? 0)
        }
    }

    private mutating func take(_ answer: HTTPAnswer) {
        // Also of a plan that cannot be used: the same one need not be sent again.
        tag = answer.headers.first(name: "ETag")
        do throws(PlanError) {
            let (plan, omitted) = try CollectionPlan.decode(answer.body)
            guard plan.resource == resource else {
                throw PlanError("the plan is for the resource “\(plan.resource)”, this is “\(resource)”")
            }
            settle()
            guard plan != board.current.plan else { return }
            for line in omitted { log.warning("left out of the plan: \(line)") }
            log.info(
                "collecting \(plan.kpis.count) KPIs of the persona “\(plan.persona)” every \(plan.intervalSeconds) s for the fleet “\(plan.fleet)”"
            )
            board.post(plan)
        } catch {
            report("the collection plan cannot be used, the last one stays: \(error)")
        }
    }

    private mutating func settle() {
        backoff.reset()
        unknowns = 0
        trouble = nil
    }

    private mutating func report(_ message: String) {
        guard message != trouble else { return }
        trouble = message
        log.warning(message)
    }
}
