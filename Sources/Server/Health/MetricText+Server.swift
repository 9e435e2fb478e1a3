import Domain
import HTTPTypes

extension MetricText {
    /// The server's own counts.
    mutating func write(_ counts: ServerMetrics.Counts, routes: [Route]) {
        func labels(_ index: Int) -> (method: String, route: String) {
            guard index > 0, routes.indices.contains(index - 1) else { return ("other", "none") }
            return (routes[index - 1].method.rawValue, routes[index - 1].path.description)
        }
        family("troupe_http_requests_total", .counter, "Requests by route and status.")
        for (index, statuses) in counts.requests.enumerated() {
            let (method, route) = labels(index)
            for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
                value(
                    "troupe_http_requests_total",
                    ["method": method, "route": route, "status": String(status)],
                    count
                )
            }
        }
        let latency = "troupe_http_request_duration_seconds"
        family(latency, .histogram, "Time from a request's head to its answer.")
        for (index, histogram) in counts.latency.enumerated() where histogram.buckets.contains(where: { $0 > 0 }) {
            let (method, route) = labels(index)
            var total = 0
            for (bucket, count) in histogram.buckets.enumerated() {
                total += count
                let bound =
                    bucket < ServerMetrics.latencyBounds.count
                    ? String(ServerMetrics.latencyBounds[bucket]) : "+Inf"
                value(latency + "_bucket", ["method": method, "route": route, "le": bound], total)
            }
            value(latency + "_sum", ["method": method, "route": route], histogram.sum)
            value(latency + "_count", ["method": method, "route": route], total)
        }
        single("troupe_ingest_samples_total", .counter, "Samples stored.", Double(counts.samples))
        single("troupe_ingest_batches_total", .counter, "Remote-write requests stored.", Double(counts.batches))
        single(
            "troupe_ingest_ignored_total",
            .counter,
            "Metadata, exemplars and histograms received and not kept.",
            Double(counts.ignored)
        )
        family("troupe_ingest_refused_total", .counter, "Remote-write requests refused, by reason.")
        for (reason, count) in counts.refusals.sorted(by: { $0.key < $1.key }) {
            value("troupe_ingest_refused_total", ["reason": reason], count)
        }
        family("troupe_store_errors_total", .counter, "Errors of the stores, by store and code.")
        for (error, count) in counts.storeErrors.sorted(by: {
            ($0.key.store, $0.key.code) < ($1.key.store, $1.key.code)
        }) {
            value("troupe_store_errors_total", ["store": error.store, "code": error.code], count)
        }
    }

    /// What other rooms report, workers for example.
    mutating func write(_ gauges: [HealthGauge]) {
        var last: String?
        for gauge in gauges.sorted(by: { $0.name < $1.name }) {
            if gauge.name != last { family(gauge.name, gauge.isCounter ? .counter : .gauge, gauge.help) }
            last = gauge.name
            line(gauge.name, gauge.labels.map { ($0.name, $0.value) }, gauge.value)
        }
    }
}
