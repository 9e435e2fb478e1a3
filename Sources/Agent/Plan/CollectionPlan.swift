/// What the server asks the agent of a resource to collect: the KPIs of the persona that the resource has.
///
/// The agent asks with
/// ```
/// GET {server}/v1/agents/{resource}/plan?wait=25
/// Authorization: Bearer TOKEN
/// If-None-Match: "…"          the ETag of the plan it has, absent the first time
/// ```
/// and the server answers at once where it has another plan than the one named, otherwise when the plan changes, with 304 after `wait` seconds.
/// An answer of 200 has an `ETag` and this JSON:
/// ```
/// {
///   "resource": "web-1", "fleet": "storefront", "persona": "low-latency",
///   "interval_s": 10,
///   "kpis": [
///     { "name": "cpu_utilization", "source": "system" },
///     { "name": "queue_length", "source": "scrape", "metric": "jobs_waiting", "kind": "gauge", "aggregate": "sum" },
///     { "name": "request_rate", "source": "scrape", "metric": "http_requests_total", "kind": "rate" },
///     { "name": "error_rate", "source": "scrape", "metric": "http_errors_total", "per": "http_requests_total", "kind": "ratio" },
///     { "name": "request_latency_p99_ms", "source": "scrape", "metric": "http_request_duration_seconds",
///       "kind": "quantile", "quantile": 0.99, "scale": 1000, "match": { "job": "shop" } }
///   ]
/// }
/// ```
/// | key | |
/// |---|---|
/// | `resource`, `fleet`, `persona` | strings; `fleet` becomes the label of every sample |
/// | `interval_s` | seconds between two samples, 1…3600; 10 where absent |
/// | `name` | the KPI's name, as `__name__` of what is sent |
/// | `source` | `system` (the name is one of `SystemKPI`) or `scrape` |
/// | `metric` | scrape: the metric's name as exposed; for quantiles without `_bucket` |
/// | `kind` | scrape: `gauge` where absent, `rate` (gain of a counter, per second), `ratio` (gain of `metric` by gain of `per`), `quantile` |
/// | `aggregate` | gauge: what becomes of several series: `sum` where absent, `mean`, `min`, `max` |
/// | `quantile` | quantile: 0…1 |
/// | `scale` | the value is multiplied by it; 1 where absent |
/// | `match` | labels that a series must have. `job` and `instance` are given by Prometheus, not exposed: they count only where the app exposes them |
///
/// Unknown keys are passed over, so that a server may be newer than its agents. A KPI that this agent cannot collect is reported and left
/// out; the others are collected.
package struct CollectionPlan: Hashable, Sendable {
    package var resource: String
    package var fleet: String
    package var persona: String
    package var intervalSeconds: Int
    package var kpis: [KPIRequest]

    package init(resource: String, fleet: String, persona: String, intervalSeconds: Int, kpis: [KPIRequest]) {
        self.resource = resource
        self.fleet = fleet
        self.persona = persona
        self.intervalSeconds = intervalSeconds
        self.kpis = kpis
    }
}

/// One KPI and where its value comes from.
package struct KPIRequest: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case system(SystemKPI)
        case scrape(ScrapeRule)
    }

    package var name: String
    package var source: Source

    package init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

/// How a KPI comes out of what the app exposes.
package struct ScrapeRule: Hashable, Sendable {
    package enum Aggregate: String, CaseIterable, Hashable, Sendable {
        case sum
        case mean
        case min
        case max
    }

    package enum Kind: Hashable, Sendable {
        case gauge(Aggregate)
        case rate
        case ratio(per: String)
        case quantile(Double)
    }

    package var metric: String
    package var kind: Kind
    package var scale: Double
    /// Ordered by name.
    package var match: [LabelMatch]

    package init(metric: String, kind: Kind, scale: Double = 1, match: [LabelMatch] = []) {
        self.metric = metric
        self.kind = kind
        self.scale = scale
        self.match = match
    }
}

/// A label that a series must have.
package struct LabelMatch: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
