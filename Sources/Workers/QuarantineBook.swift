import ScriptProtocol

/// A script in one version: quarantine does not outlast the mistake.
struct ScriptVersion: Hashable, Sendable {
    let name: String
    /// The run that says what it defines: that must go on where only what it does when it is called costs workers, or one bad policy would
    /// keep a whole workspace from being loaded.
    let isDefinition: Bool
    /// Of all that the run executes; never leaves the process.
    private let digest: Int

    init(_ request: ScriptRequest) {
        name = request.script.name
        isDefinition = request.mode == .define
        digest = request.program.hashValue
    }
}

/// Which scripts have cost workers, and which of them are not run any more.
struct QuarantineBook {
    private struct Record {
        /// When it cost workers, in milliseconds; no more than are needed to judge.
        var strikes: [Int64] = []
        var reason: String?
    }

    private struct Script {
        /// Those that are not in quarantine are few, since a strike is forgotten after the window.
        var versions: [ScriptVersion: Record] = [:]
        /// Those that were last to be run, by `isDefinition`; none where nobody runs it any more.
        var latest: [Bool: ScriptVersion] = [:]
    }

    /// Names beyond it push out the one that struck longest ago.
    private static let capacity = 1000
    private let rules: WorkerPoolConfiguration.Quarantine
    /// By name.
    private var scripts: [String: Script] = [:]

    init(rules: WorkerPoolConfiguration.Quarantine) { self.rules = rules }

    /// Whether a digest is worth computing.
    func knows(_ script: String) -> Bool { scripts[script] != nil }

    /// A version is to be run.
    ///
    /// - Returns: why it is not, if so.
    mutating func ask(_ version: ScriptVersion) -> String? {
        guard scripts[version.name] != nil else { return nil }
        scripts[version.name]?.latest[version.isDefinition] = version
        return scripts[version.name]?.versions[version]?.reason
    }

    /// A worker was lost to a script.
    ///
    /// - Returns: the reason, where that puts it into quarantine.
    mutating func strike(_ version: ScriptVersion, at now: Int64, because reason: String) -> String? {
        forget(before: now - rules.windowMilliseconds)
        if scripts[version.name] == nil && scripts.count >= Self.capacity { evict() }
        var script = scripts[version.name] ?? Script(latest: [version.isDefinition: version])
        var record = script.versions[version] ?? Record()
        record.strikes.append(now)
        record.strikes = record.strikes.suffix(max(1, rules.strikes))
        let due = record.strikes.count >= max(1, rules.strikes) && record.reason == nil
        if due { record.reason = "It cost \(record.strikes.count) workers, the last one because \(reason)." }
        script.versions[version] = record
        scripts[version.name] = script
        return due ? record.reason : nil
    }

    /// No script of another name is run any more: what of them is in quarantine is not the latest of anything until it comes back.
    mutating func keep(_ names: Set<String>) {
        for name in scripts.keys where !names.contains(name) { scripts[name]?.latest = [:] }
    }

    /// - Returns: whether there was anything to lift.
    mutating func lift(_ script: String) -> Bool {
        let quarantined = scripts[script]?.versions.values.contains { $0.reason != nil } ?? false
        scripts[script] = nil
        return quarantined
    }

    /// Sorted by name.
    var quarantined: [WorkerPoolHealth.Quarantined] {
        scripts.sorted { $0.key < $1.key }
            .flatMap { name, script in
                script.versions
                    .compactMap { version, record in
                        record.reason.map {
                            WorkerPoolHealth.Quarantined(
                                script: name,
                                reason: $0,
                                isLatest: version == script.latest[version.isDefinition]
                            )
                        }
                    }
                    .sorted { $0.reason < $1.reason }
            }
    }

    private mutating func forget(before start: Int64) {
        for (name, var script) in scripts {
            for (version, var record) in script.versions where record.reason == nil {
                record.strikes.removeAll { $0 < start }
                script.versions[version] = record.strikes.isEmpty ? nil : record
            }
            scripts[name] = script.versions.isEmpty ? nil : script
        }
    }

    private mutating func evict() {
        let oldest = scripts.min { last($0.value) < last($1.value) }
        if let oldest { scripts[oldest.key] = nil }
    }

    private func last(_ script: Script) -> Int64 {
        script.versions.values.compactMap(\.strikes.last).max() ?? 0
    }
}
