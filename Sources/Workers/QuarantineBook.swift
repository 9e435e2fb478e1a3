import ScriptProtocol

/// A script in one version: quarantine does not outlast the mistake.
struct ScriptVersion: Hashable, Sendable {
    let name: String
    /// Of all that the run executes; never leaves the process.
    private let digest: Int

    init(_ request: ScriptRequest) {
        name = request.script.name
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

    /// Names beyond it push out the one that struck longest ago.
    private static let capacity = 1000
    private let rules: WorkerPoolConfiguration.Quarantine
    /// By name; the versions of a name that are not in quarantine are few, since a strike is forgotten after the window.
    private var records: [String: [ScriptVersion: Record]] = [:]

    init(rules: WorkerPoolConfiguration.Quarantine) { self.rules = rules }

    /// Whether a digest is worth computing.
    func knows(_ script: String) -> Bool { records[script] != nil }

    func reason(_ version: ScriptVersion) -> String? { records[version.name]?[version]?.reason }

    /// A worker was lost to a script.
    ///
    /// - Returns: the reason, where that puts it into quarantine.
    mutating func strike(_ version: ScriptVersion, at now: Int64, because reason: String) -> String? {
        forget(before: now - rules.windowMilliseconds)
        if records[version.name] == nil && records.count >= Self.capacity { evict() }
        var record = records[version.name, default: [:]][version] ?? Record()
        record.strikes.append(now)
        record.strikes = record.strikes.suffix(max(1, rules.strikes))
        let due = record.strikes.count >= max(1, rules.strikes) && record.reason == nil
        if due { record.reason = "It cost \(record.strikes.count) workers, the last one because \(reason)." }
        records[version.name, default: [:]][version] = record
        return due ? record.reason : nil
    }

    /// - Returns: whether there was anything to lift.
    mutating func lift(_ script: String) -> Bool {
        let quarantined = records[script]?.values.contains { $0.reason != nil } ?? false
        records[script] = nil
        return quarantined
    }

    var quarantined: [WorkerPoolHealth.Quarantined] {
        records.sorted { $0.key < $1.key }
            .flatMap { name, versions in
                versions.values.compactMap(\.reason).sorted().map { .init(script: name, reason: $0) }
            }
    }

    private mutating func forget(before start: Int64) {
        for (name, var versions) in records {
            for (version, var record) in versions where record.reason == nil {
                record.strikes.removeAll { $0 < start }
                versions[version] = record.strikes.isEmpty ? nil : record
            }
            records[name] = versions.isEmpty ? nil : versions
        }
    }

    private mutating func evict() {
        let oldest = records.min { last($0.value) < last($1.value) }
        if let oldest { records[oldest.key] = nil }
    }

    private func last(_ versions: [ScriptVersion: Record]) -> Int64 {
        versions.values.compactMap(\.strikes.last).max() ?? 0
    }
}
