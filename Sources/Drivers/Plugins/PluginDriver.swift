package import Domain
import ScriptProtocol
package import Scripting
import Synchronization
import Workers

/// Drives a fleet by a plugin: each call within its time, made again where that helps, and every answer taken as hostile.
///
/// What a plugin does wrong holds its own fleet and no other: failures open its breaker, and one that breaks the rules again and again is
/// quarantined until it changes or a person lifts it.
package final class PluginDriver: FleetDriver {
    fileprivate struct State {
        var breaker: Breaker
        var health = DriverHealth()
        var durations = Durations()
        /// Broken rules in a row.
        var lies = 0
        /// Resources whose plugin does not say when they were asked for, and when we first heard of them.
        var firstSeen: [String: Timestamp] = [:]
        var pageSize: Int?
    }

    let call: PluginCall
    let personas: [Persona]
    private let rules: PluginDriverRules
    private let state: Mutex<State>

    package var plugin: Plugin { call.plugin }
    package var fleet: String { call.fleet }
    var target: [Setting] { call.target }

    package init(
        plugin: Plugin,
        fleet: String,
        target: [Setting],
        personas: [Persona],
        services: HostServices,
        workers: DriverWorkers,
        rules: PluginDriverRules = PluginDriverRules(),
        faults: (any HostFaults)? = nil
    ) {
        call = PluginCall(
            plugin: plugin,
            fleet: fleet,
            target: target,
            services: services,
            workers: workers,
            faults: faults
        )
        self.personas = personas
        self.rules = rules
        state = Mutex(State(breaker: Breaker(rules: rules.breaker)))
    }

    // MARK: FleetDriver

    package func describe() async throws(DriverError) -> [DescribedResource] {
        try await guarded(.describe) { () throws(DriverError) in
            let now = self.call.services.now()
            let known = self.state.withLock { $0.firstSeen }
            var seen: Set<String> = []
            var resources: [DescribedResource] = []
            var page: ScriptValue = .table([])
            let deadline = ContinuousClock.now + self.rules.time(for: .describe)
            for number in 1... {
                let before = seen.count
                let answer = try await self.call.make(.describe, page, within: max(.zero, deadline - .now))
                resources += try DriverAnswers(call: self.call, function: .describe)
                    .resources(
                        answer.first,
                        seen: &seen,
                        since: { known[$0] ?? now },
                        defaultPersona: self.personas.first?.name ?? ""
                    )
                guard let next = try DriverAnswers(call: self.call, function: .describe).nextPage(answer.second) else {
                    break
                }
                let size = seen.count - before
                self.state.withLock { $0.pageSize = max($0.pageSize ?? 1, size) }
                guard next != page["next"], number < 500 else {
                    throw self.call.broken(
                        .sizes,
                        "describe names a next page without end"
                            + (number < 500 ? ": \(next.inWords) comes after itself." : ".")
                    )
                }
                page = .record([("next", next)])
            }
            resources.sort { $0.resource.id < $1.resource.id }
            let since = Dictionary(resources.map { ($0.resource.id, $0.resource.since) }) { first, _ in first }
            self.state.withLock { $0.firstSeen = since }
            return resources
        }
    }

    package func provision(_ request: ProvisionRequest) async throws(DriverError) -> ProvisionResult {
        guard request.count > 0 else { return ProvisionResult(ids: []) }
        let value = ScriptValue.record(
            [
                ("count", .integer(Int64(request.count))), ("key", .string(request.key)),
                ("files", .files(request.files)),
            ]
            .adding(request.persona)
        )
        return try await guarded(.provision) { () throws(DriverError) in
            let answer = try await self.call.make(.provision, value, within: self.rules.time(for: .provision))
            return try DriverAnswers(call: self.call, function: .provision)
                .provisioned(answer.first, asked: request.count)
        }
    }

    package func retire(_ request: RetireRequest) async throws(DriverError) -> [String] {
        guard !request.ids.isEmpty else { return [] }
        let value = ScriptValue.record([("ids", .list(request.ids.map { .string($0) })), ("key", .string(request.key))])
        return try await guarded(.retire) { () throws(DriverError) in
            let answer = try await self.call.make(.retire, value, within: self.rules.time(for: .retire))
            return try DriverAnswers(call: self.call, function: .retire).retired(answer.first, asked: request.ids)
        }
    }

    package func configure(_ request: ConfigureRequest) async throws(DriverError) {
        guard plugin.functions.contains(.configure) else {
            throw DriverError(
                .refused,
                driver: plugin.name,
                "it cannot configure resources: it has no function configure."
            )
        }
        let value = ScriptValue.record(
            [
                ("resource", .string(request.resource)), ("key", .string(request.key)),
                ("files", .files(request.files)),
                ("configuration", .string(request.digest)),
            ]
            .adding(request.persona)
        )
        try await guarded(.configure) { () throws(DriverError) in
            _ = try await self.call.make(.configure, value, within: self.rules.time(for: .configure))
        }
    }

    package func precheck(_ plan: PrecheckPlan) async throws(DriverError) -> [String] {
        guard plugin.functions.contains(.precheck) else { return [] }
        let starts = plan.starts.map { start in
            ScriptValue.record([("count", .integer(Int64(start.count)))].adding(start.persona))
        }
        let value = ScriptValue.record([("start", .list(starts)), ("retire", .list(plan.retire.map { .string($0) }))])
        return try await guarded(.precheck) { () throws(DriverError) in
            let answer = try await self.call.make(.precheck, value, within: self.rules.time(for: .precheck))
            return try DriverAnswers(call: self.call, function: .precheck).objections(answer.first)
        }
    }

    /// How many resources a page of `describe` held that had another behind it; nil where none had so far.
    package var pageSize: Int? { state.withLock(\.pageSize) }

    // MARK: Health

    package var health: DriverHealth? {
        state.withLock { state in
            var health = state.health
            health.breaker = state.breaker.state
            health.medianMicroseconds = state.durations.microseconds(quantile: 0.5)
            health.p99Microseconds = state.durations.microseconds(quantile: 0.99)
            return health
        }
    }

    /// Ends a quarantine and closes the breaker: a person knows better.
    ///
    /// - Returns: whether it was kept from being called.
    @discardableResult
    package func lift() -> Bool {
        state.withLock { state in
            let wasHeld = state.health.quarantined != nil || state.breaker.state != .closed
            state.breaker.succeeded()
            state.health.quarantined = nil
            state.lies = 0
            return wasHeld
        }
    }

    // MARK: Guarding

    /// Makes a call unless the driver is held; again where the world did not answer, for every call may be made twice.
    private func guarded<Value>(
        _ function: PluginFunction,
        _ body: () async throws(DriverError) -> Value
    ) async throws(DriverError) -> Value {
        try admit()
        var attempt = 1
        while true {
            let began = ContinuousClock.now
            do throws(DriverError) {
                let value = try await body()
                state.withLock { $0.succeeded(function, took: began.duration(to: .now)) }
                return value
            } catch {
                let isQuick = began.duration(to: .now) < rules.time(for: function) / 2
                if error.kind == .unavailable, isQuick, attempt < rules.attempts, !Task.isCancelled {
                    await rules.pause(rules.backoff(after: attempt))
                    attempt += 1
                    continue
                }
                let now = call.services.now()
                let limit = rules.liesBeforeQuarantine
                state.withLock {
                    $0.failed(function, error, took: began.duration(to: .now), at: now, liesBeforeQuarantine: limit)
                }
                throw error
            }
        }
    }

    private func admit() throws(DriverError) {
        let now = call.services.now()
        let refusal: String? = state.withLock { state in
            if let reason = state.health.quarantined {
                return
                    "it is quarantined, for it broke the rules again and again (\(reason)) "
                    + "Load a corrected version, or lift it: `troupe plugin lift \(plugin.name) --fleet \(fleet)`."
            }
            guard !state.breaker.admits(at: now), case .open(let until) = state.breaker.state else { return nil }
            let seconds = max(1, Int((until - now).seconds.rounded(.up)))
            return "it failed \(state.breaker.failures) times in a row and is left alone for \(seconds) s more; "
                + "the last time: \(state.health.lastError ?? "unknown")"
        }
        if let refusal { throw DriverError(.unavailable, driver: plugin.name, "fleet \(fleet): \(refusal)") }
    }
}

extension PluginDriver.State {
    fileprivate mutating func succeeded(_ function: PluginFunction, took: Duration) {
        breaker.succeeded()
        lies = 0
        health.isFailing = false
        count(took)
    }

    fileprivate mutating func failed(
        _ function: PluginFunction,
        _ error: DriverError,
        took: Duration,
        at now: Timestamp,
        liesBeforeQuarantine: Int
    ) {
        count(took)
        // It is the request that has no answer, not the driver.
        if error.kind == .notFound { return }
        health.failures += 1
        health.failuresByKind[error.kind, default: 0] += 1
        health.isFailing = true
        health.lastError = error.message
        health.lastFailure = now
        breaker.failed(at: now)
        guard error.kind == .broken else {
            lies = 0
            return
        }
        lies += 1
        if lies >= liesBeforeQuarantine { health.quarantined = error.message }
    }

    private mutating func count(_ took: Duration) {
        health.calls += 1
        let (seconds, attoseconds) = took.components
        durations.add(nanoseconds: seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension ScriptValue {
    /// Contents by path.
    static func files(_ files: [ConfigTemplate]) -> ScriptValue {
        .record(
            Dictionary(files.map { ($0.path, ScriptValue.string($0.contents)) }) { first, _ in first }
                .map { ($0.key, $0.value) }
        )
    }
}

extension [(String, ScriptValue?)] {
    /// With what a persona gives a resource.
    fileprivate func adding(_ persona: Persona) -> Self {
        let allocation = persona.allocation
        return self + [
            ("persona", .string(persona.name)),
            (
                "allocation",
                .record([
                    ("cpu", allocation.cpu.map { .number($0) }),
                    ("memory_bytes", allocation.memoryBytes.map { .integer($0) }),
                    ("bandwidth_bits_per_second", allocation.bandwidthBitsPerSecond.map { .number($0) }),
                ])
            ),
        ]
    }
}
