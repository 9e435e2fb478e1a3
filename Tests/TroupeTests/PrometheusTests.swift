import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// A real Prometheus sends what it scrapes to a real Troupe.
@Suite(.inTurn)
struct PrometheusTests {
    @Test(.enabled(if: Prometheus.executable != nil, "there is no prometheus (Debian's package of that name) here"))
    func whatPrometheusSendsIsReadBackAsItHasIt() async throws {
        let troupe = try await RunningServer()
        let prometheus = try await Prometheus(
            writingTo: troupe,
            token: troupe.token("agent"),
            scrapingWith: troupe.token("viewer")
        )
        let admin = try troupe.adminToken()
        // Five scrapes of both targets have come through.
        let deadline = ContinuousClock.now + .seconds(240)
        var taken = 0
        while taken < 10 {
            try #require(
                ContinuousClock.now < deadline,
                "\(taken) of 10 samples of `up` came: \(prometheus.log.suffix(2000))"
            )
            try await Task.sleep(for: .milliseconds(200))
            let up = try await troupe.get("/v1/kpis/export?name=up", token: admin)
            taken = try Self.readings(up).reduce(0) { $0 + $1.value.count }
        }
        let readings = try Self.readings(try await troupe.get("/v1/kpis/export", token: admin))
        let sent = try await prometheus.samples()
        #expect(sent.count > 100)
        // What is not sent yet is later than what is here.
        let last = try #require(readings.values.compactMap { $0.keys.max() }.min())
        var compared = 0
        for (series, samples) in sent {
            for (time, value) in samples where time < last {
                let found = readings[series]?[time]
                #expect(
                    found == value || (found?.isNaN == true && !value.isFinite),
                    "\(series) at \(time): \(String(describing: found))"
                )
                compared += 1
            }
        }
        #expect(compared > 200)
        for (series, samples) in readings {
            #expect(
                sent[series].map { Set(samples.keys).isSubset(of: $0.keys) } ?? false,
                "\(series) was never scraped so"
            )
        }
        for counter in ["failed", "dropped", "retried"] {
            let name = "prometheus_remote_storage_samples_\(counter)_total"
            #expect(try await prometheus.value(name) == 0, "\(name)")
        }
        #expect(readings.keys.contains { $0.hasPrefix("troupe_ingest_series{") })
    }

    private struct Export: Decodable {
        struct Series: Decodable {
            var name: String
            var labels: [String: String]
            var times: [Int64]
            var values: [Double?]
        }

        var series: [Series]
    }

    /// By series, then by time in milliseconds. What JSON has no number for is NaN.
    private static func readings(_ reply: RunningServer.Reply) throws -> [String: [Int64: Double]] {
        #expect(reply.status == 200, "\(reply.text.prefix(500))")
        // Not JSONSerialization: its numbers are a bit off in the last digit.
        let export = try JSONDecoder().decode(Export.self, from: reply.body)
        return export.series.reduce(into: [:]) { all, series in
            let values = series.values.map { $0 ?? .nan }
            all[Prometheus.text(series.name, series.labels)] = Dictionary(
                uniqueKeysWithValues: zip(series.times, values)
            )
        }
    }
}

/// A Prometheus of a test's own: it scrapes itself and a Troupe each second.
final class Prometheus: Sendable {
    static let executable: String? = ["/usr/bin/prometheus", "/usr/local/bin/prometheus"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private let folder: TemporaryFolder
    private let process: ChildProcess
    private let url: String

    init(writingTo troupe: RunningServer, token: String, scrapingWith viewer: String) async throws {
        folder = try TemporaryFolder()
        let port = try FreePort.find()
        url = "http://127.0.0.1:\(port)"
        let address = troupe.url.replacing("http://", with: "")
        let settings = """
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - { job_name: prometheus, static_configs: [{ targets: ["127.0.0.1:\(port)"] }] }
              - { job_name: troupe, authorization: { credentials: "\(viewer)" }, static_configs: [{ targets: ["\(address)"] }] }
            remote_write:
              - url: "\(troupe.url)/api/v1/write"
                authorization: { credentials: "\(token)" }
                queue_config: { batch_send_deadline: 200ms }

            """
        try Data(settings.utf8).write(to: URL(fileURLWithPath: folder.file("prometheus.yml")))
        process = try await ChildProcess(
            try #require(Self.executable),
            [
                "--config.file=" + folder.file("prometheus.yml"), "--storage.tsdb.path=" + folder.file("tsdb"),
                "--web.listen-address=127.0.0.1:\(port)",
            ],
            errors: folder.file("log")
        )
    }

    deinit { process.send(SIGKILL) }

    var log: String { (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? "" }

    /// Everything that it has, raw.
    func samples() async throws -> [String: [Int64: Double]] {
        var all: [String: [Int64: Double]] = [:]
        for series in try await query("{__name__!=\"\"}[10m]") {
            var labels = try #require(series["metric"] as? [String: String])
            let name = labels.removeValue(forKey: "__name__") ?? ""
            let values = try #require(series["values"] as? [[Any]])
            all[Self.text(name, labels)] = Dictionary(
                uniqueKeysWithValues: values.map { (Int64((Self.number($0[0]) * 1000).rounded()), Self.number($0[1])) }
            )
        }
        return all
    }

    /// The sum of a metric over its series.
    func value(_ name: String) async throws -> Double? {
        let found = try await query("sum(\(name))").first?["value"] as? [Any]
        return found.map { Self.number($0[1]) }
    }

    private func query(_ text: String) async throws -> [[String: Any]] {
        var parts = try #require(URLComponents(string: url + "/api/v1/query"))
        parts.queryItems = [URLQueryItem(name: "query", value: text)]
        let (data, _) = try await URLSession.shared.data(from: try #require(parts.url))
        let json = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require((json?["data"] as? [String: Any])?["result"] as? [[String: Any]])
    }

    static func text(_ name: String, _ labels: [String: String]) -> String {
        name + "{" + labels.map { "\($0.key)=\($0.value)" }.sorted().joined(separator: ",") + "}"
    }

    /// What JSON cannot say as a number stands there as a text, or not at all.
    static func number(_ value: Any) -> Double {
        if let number = value as? NSNumber { return number.doubleValue }
        let text = value as? String ?? ""
        return ["+Inf": Double.infinity, "-Inf": -.infinity][text] ?? Double(text) ?? .nan
    }
}
