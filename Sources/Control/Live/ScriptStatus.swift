/// How a script has fared since the server was started.
package struct ScriptStatus: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case policy, persona, fleet, library, test, driver
    }

    package enum State: String, Sendable, Codable, CaseIterable {
        case ok
        /// It is not run until it changes or a person lifts that.
        case quarantined
        /// A driver that failed several times in a row, and is not called for a while.
        case leftAlone = "left_alone"
    }

    /// Its file: `policies/scaling/latency-guard.lua`.
    package var script: String
    package var name: String
    package var kind: Kind
    /// Those that it is run for, sorted. A driver is counted, and held, for each fleet by itself.
    package var fleets: [String]
    package var state: State
    /// Why it is not run; nil where it is.
    package var reason: String?
    package var counts: Counts

    package struct Counts: Sendable, Codable, Equatable {
        package var evaluations: Int
        package var failures: Int
        /// `instruction_limit`, `raised`, …; of drivers `broken`, `refused`, `unavailable`.
        package var failuresByKind: [String: Int]
        /// Worker processes that it cost; nil where nobody counts, as of drivers.
        package var kills: Int?
        /// What a run takes; at most a fifth too high.
        package var medianMicroseconds: Double
        package var p99Microseconds: Double

        package init(
            evaluations: Int = 0,
            failures: Int = 0,
            failuresByKind: [String: Int] = [:],
            kills: Int? = 0,
            medianMicroseconds: Double = 0,
            p99Microseconds: Double = 0
        ) {
            self.evaluations = evaluations
            self.failures = failures
            self.failuresByKind = failuresByKind
            self.kills = kills
            self.medianMicroseconds = medianMicroseconds
            self.p99Microseconds = p99Microseconds
        }
    }

    package init(
        script: String,
        name: String,
        kind: Kind,
        fleets: [String],
        state: State,
        reason: String?,
        counts: Counts
    ) {
        self.script = script
        self.name = name
        self.kind = kind
        self.fleets = fleets
        self.state = state
        self.reason = reason
        self.counts = counts
    }
}

extension ScriptStatus {
    /// What a file of a workspace is, by its place; nil where it is in none.
    package static func kind(of path: String) -> Kind? {
        let folders: [(String, Kind)] = [
            ("policies/scaling/", .policy), ("policies/personas/", .persona), ("policies/fleets/", .fleet),
            ("policies/lib/", .library), ("policies/tests/", .test), ("plugins/", .driver),
        ]
        return folders.first { path.hasPrefix($0.0) }?.1
    }

    /// `latency-guard` of `policies/scaling/latency-guard.lua`; of a driver the folder's name.
    package static func name(of path: String) -> String {
        let parts = path.split(separator: "/")
        if parts.first == "plugins", parts.count > 1 { return String(parts[1]) }
        let file = parts.last ?? ""
        return String(file.hasSuffix(".lua") ? file.dropLast(4) : file)
    }
}
