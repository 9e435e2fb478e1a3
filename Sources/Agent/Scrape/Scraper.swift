import NIOHTTP1

/// Asks the apps beside the agent what they expose.
package struct Scraper: Sendable {
    /// One address to scrape.
    package struct Target: Sendable {
        package var address: HTTPAddress
        package var client: HTTPClient

        package init(address: HTTPAddress, client: HTTPClient) {
            self.address = address
            self.client = client
        }
    }

    /// What an app may expose at most. The agent's memory is bounded by it.
    package static let mostBytes = 8 << 20

    private let targets: [Target]
    private let log: AgentLog
    /// What was last logged of each target, so that a lasting trouble is told once.
    private var troubles: [Int: String] = [:]

    package init(targets: [Target], log: AgentLog) {
        self.targets = targets
        self.log = log
    }

    /// What each target answers, in their order: the series of `metrics`, or nil where it failed. All are asked at once.
    package mutating func scrape(_ metrics: Set<String>, timeoutMs: Int64) async -> [ScrapeDerivation.Answer] {
        guard !metrics.isEmpty else { return targets.map { _ in nil } }
        let results = await withTaskGroup(of: (Int, Result<[ScrapedSeries], any Error>).self) { group in
            for (index, target) in targets.enumerated() {
                group.addTask {
                    do {
                        return (index, .success(try await Self.scrape(target, index, metrics, timeoutMs)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: Result<[ScrapedSeries], any Error>] = [:]
            for await (index, result) in group { results[index] = result }
            return results
        }
        return targets.indices.map { index in
            switch results[index] {
            case .success(let series)?:
                if troubles.removeValue(forKey: index) != nil { log.info("\(targets[index].address) is scraped again") }
                return series
            case .failure(let error)?:
                report("cannot scrape \(targets[index].address): \(error)", of: index)
                return nil
            case nil:
                return nil
            }
        }
    }

    private static func scrape(
        _ target: Target,
        _ index: Int,
        _ metrics: Set<String>,
        _ timeoutMs: Int64
    ) async throws -> [ScrapedSeries] {
        let headers = [("Accept", "text/plain;version=0.0.4;q=1,*/*;q=0.1")]
        let answer = try await target.client.send(
            HTTPQuery(.GET, "", headers: headers),
            timeoutMs: timeoutMs,
            mostBytes: mostBytes
        )
        guard answer.status == 200 else { throw HTTPFailure(description: "HTTP \(answer.status) \(answer.excerpt)") }
        return try ScrapedSeries.read(answer.body, metrics: metrics, target: index)
    }

    private mutating func report(_ message: String, of target: Int) {
        guard troubles[target] != message, !Task.isCancelled else { return }
        troubles[target] = message
        log.warning(message)
    }
}
