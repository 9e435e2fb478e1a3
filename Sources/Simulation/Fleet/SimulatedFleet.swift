import Control
import Decision
package import Domain
import Foundation

/// A fleet that exists in memory only: its resources take time to start, sometimes fail to, and finish their work before they go.
///
///     starting ──ready at──▶ ready ──retire──▶ draining ──▶ gone
///        │  ╲──retire──────────────────────────────────────▶ gone
///        ╰──timeout──▶ gone, and a new one starts in its place, up to `retries` times
///
/// Time moves only by `advance(to:)`. What happens is fixed by the seed and the order of calls. A step in which nothing is due
/// costs a comparison; one in which something is, a pass over the resources.
package struct SimulatedFleet: Sendable {
    package let name: String
    package private(set) var now: Timestamp
    /// Starts that never became ready, so far.
    package private(set) var failedStarts = 0
    /// Resources that serve, in `starting`, and in `draining`.
    package private(set) var ready = 0
    package private(set) var starting = 0
    package private(set) var draining = 0

    /// By persona name, sorted.
    private var behaviours: [PersonaBehaviour]
    /// In the order in which they were asked for.
    var members: [Member] = []
    private var generator: SeededGenerator
    private var serial = 0
    /// The next instant at which something happens by itself; nil while nothing is due.
    private var nextEvent: Timestamp?
    private var startTimes: [TimeSpan] = []
    /// What each key did, the latest 4096 of them: a repeated request answers what the first one did.
    private var answers: [String: ProvisionAnswer] = [:]
    private var answeredKeys: [String] = []
    var cachedGroups: [ResourceGroup]?

    struct Member: Sendable {
        var resource: Resource
        var key: String
        var files: [ConfigTemplate] = [] {
            didSet { digest = files.isEmpty ? nil : ConfigDigest.of(files) }
        }
        /// Of its files; nil where it has none.
        private(set) var digest: String?
        /// When it becomes ready (starting; nil: never) or is gone (draining).
        var due: Timestamp?
        var timeout: Timestamp?
        var retriesLeft: Int
        var readyAt: Timestamp?
    }

    /// An empty fleet at `start`, with the personas that can be had.
    package init(name: String, personas: [PersonaBehaviour], start: Timestamp, seed: UInt64 = 1) {
        self.name = name
        behaviours = personas.sorted { $0.persona < $1.persona }
        now = start
        generator = SeededGenerator(seed: seed).split(0xF1EE7)
    }

    /// A fleet as the backtest's scenario has it: ready exactly `lead` after asking, gone at once.
    package init(name: String, personas: [String], start: Timestamp, lead: TimeSpan) {
        self.init(name: name, personas: personas.map { .exact($0, lead: lead) }, start: start)
    }

    /// What is paid for: starting, ready and draining.
    package var billed: Int { starting + ready + draining }

    /// Other personas can be had from now on; what is there stays as it is.
    package mutating func replace(_ personas: [PersonaBehaviour]) {
        behaviours = personas.sorted { $0.persona < $1.persona }
    }

    /// Puts resources there that have been ready since before the run.
    package mutating func seedReady(count: Int, persona: String) {
        for _ in 0..<max(0, count) {
            members.append(
                Member(
                    resource: Resource(id: nextID(), persona: persona, state: .ready, since: now),
                    key: "seed",
                    retriesLeft: 0,
                    readyAt: now
                )
            )
        }
        ready += max(0, count)
        cachedGroups = nil
    }

    // MARK: - Time

    /// Lets time pass; what becomes due on the way happens at its own instant, in order.
    ///
    /// Never goes back.
    package mutating func advance(to time: Timestamp) {
        guard time > now else { return }
        while let next = nextEvent, next <= time {
            now = next
            settle()
        }
        now = time
    }

    /// Lets happen what is due now, and finds what is due next.
    private mutating func settle() {
        var retry: [(persona: String, left: Int, key: String)] = []
        var gone = false
        for i in members.indices {
            switch members[i].resource.state {
            case .starting:
                if let due = members[i].due, due <= now {
                    members[i].resource.state = .ready
                    members[i].readyAt = due
                    members[i].due = nil
                    members[i].timeout = nil
                    startTimes.append(due - members[i].resource.since)
                    starting -= 1
                    ready += 1
                } else if let timeout = members[i].timeout, timeout <= now {
                    members[i].resource.state = .gone
                    gone = true
                    starting -= 1
                    failedStarts += 1
                    if members[i].retriesLeft > 0 {
                        retry.append((members[i].resource.persona, members[i].retriesLeft - 1, members[i].key))
                    }
                }
            case .draining:
                if let due = members[i].due, due <= now {
                    members[i].resource.state = .gone
                    gone = true
                    draining -= 1
                }
            case .ready, .gone: break
            }
        }
        if gone { members.removeAll { $0.resource.state == .gone } }
        for start in retry { begin(start.persona, retriesLeft: start.left, key: start.key) }
        cachedGroups = nil
        nextEvent = members.lazy.compactMap(Self.nextInstant).min()
    }

    private static func nextInstant(of member: Member) -> Timestamp? {
        switch (member.due, member.timeout) {
        case (let due?, let timeout?): min(due, timeout)
        case (let due, let timeout): due ?? timeout
        }
    }

    /// Times from asked for to ready since the last call: what a lead time is learned from.
    package mutating func takeStartTimes() -> [TimeSpan] {
        defer { startTimes = [] }
        return startTimes
    }

    // MARK: - Changes

    /// Asks for resources.
    ///
    /// A key that was seen before changes nothing and gives the first answer again.
    @discardableResult
    package mutating func provision(
        count: Int,
        persona: String,
        files: [ConfigTemplate] = [],
        key: String
    ) -> ProvisionAnswer {
        if let answer = answers[key] { return answer }
        guard let behaviour = behaviour(of: persona) else {
            return answer(ProvisionAnswer(ids: [], refused: max(0, count), reason: "no persona \(persona)"), key)
        }
        let room =
            behaviour.quota.map { max(0, $0 - members.count { $0.resource.persona == persona }) } ?? Int.max
        let granted = min(max(0, count), room)
        var ids: [String] = []
        for _ in 0..<granted { ids.append(begin(persona, retriesLeft: behaviour.retries, key: key)) }
        if !files.isEmpty {
            let files = files.sorted { $0.path < $1.path }
            for index in members.indices.suffix(granted) { members[index].files = files }
        }
        let refused = max(0, count) - granted
        return answer(
            ProvisionAnswer(
                ids: ids,
                refused: refused,
                reason: refused > 0 ? "quota of \(behaviour.quota ?? 0) \(persona) resources is used up" : nil
            ),
            key
        )
    }

    /// Retires resources: what is starting goes at once, what is ready drains.
    ///
    /// Ids that are not there, or already on their way, change nothing. A key that was seen before changes nothing and
    /// gives the first answer again.
    ///
    /// - Returns: the ids that were retired.
    @discardableResult
    package mutating func retire(_ ids: [String], key: String) -> [String] {
        if let answer = answers[key] { return answer.ids }
        let wanted = Set(ids)
        var retired: [String] = []
        var gone = false
        for i in members.indices where wanted.contains(members[i].resource.id) {
            let wait = behaviour(of: members[i].resource.persona)?.draining ?? .zero
            switch members[i].resource.state {
            case .starting:
                starting -= 1
                members[i].resource.state = .gone
                gone = true
            case .ready:
                ready -= 1
                if wait > .zero {
                    draining += 1
                    members[i].resource.state = .draining
                    members[i].due = now + wait
                    noteEvent(now + wait)
                } else {
                    members[i].resource.state = .gone
                    gone = true
                }
            case .draining, .gone: continue
            }
            retired.append(members[i].resource.id)
        }
        if gone { members.removeAll { $0.resource.state == .gone } }
        if !retired.isEmpty { cachedGroups = nil }
        return answer(ProvisionAnswer(ids: retired, refused: 0, reason: nil), key).ids
    }

    /// Gives a resource a persona, files, or both; files replace what it had.
    ///
    /// - Returns: false where there is no such resource.
    @discardableResult
    package mutating func configure(_ id: String, persona: String? = nil, files: [ConfigTemplate]? = nil) -> Bool {
        guard let i = members.firstIndex(where: { $0.resource.id == id }) else { return false }
        if let persona, persona != members[i].resource.persona {
            members[i].resource.persona = persona
            cachedGroups = nil
        }
        if let files { members[i].files = files.sorted { $0.path < $1.path } }
        return true
    }

    // MARK: - Parts

    private func behaviour(of persona: String) -> PersonaBehaviour? {
        behaviours.first { $0.persona == persona }
    }

    @discardableResult
    private mutating func begin(_ persona: String, retriesLeft: Int, key: String) -> String {
        let behaviour = behaviour(of: persona) ?? PersonaBehaviour(persona: persona)
        let fails = behaviour.failing > 0 && generator.uniform() < behaviour.failing
        var wait = behaviour.startup
        if behaviour.spread > 0 {
            let stretched = Double(wait.milliseconds) * exp(behaviour.spread * generator.normal())
            wait = TimeSpan(milliseconds: Int64(max(1, min(stretched, 1e12))))
        }
        // A start that cannot fail has no time limit either: a slow one is waited for, as the scenario asks.
        let timeout = behaviour.failing > 0 ? now + behaviour.timeout : nil
        let member = Member(
            resource: Resource(id: nextID(), persona: persona, state: .starting, since: now),
            key: key,
            due: fails ? nil : now + wait,
            timeout: timeout,
            retriesLeft: retriesLeft
        )
        members.append(member)
        starting += 1
        cachedGroups = nil
        if let next = Self.nextInstant(of: member) { noteEvent(next) }
        return member.resource.id
    }

    private mutating func noteEvent(_ time: Timestamp) {
        nextEvent = nextEvent.map { min($0, time) } ?? time
    }

    private mutating func nextID() -> String {
        serial += 1
        return "\(name)-\(serial)"
    }

    private mutating func answer(_ answer: ProvisionAnswer, _ key: String) -> ProvisionAnswer {
        answers[key] = answer
        answeredKeys.append(key)
        if answeredKeys.count > 8192 {
            for old in answeredKeys.prefix(4096) { answers[old] = nil }
            answeredKeys.removeFirst(4096)
        }
        return answer
    }
}

/// What a request for resources led to.
package struct ProvisionAnswer: Sendable, Equatable {
    package let ids: [String]
    /// How many could not be had.
    package let refused: Int
    package let reason: String?
}
