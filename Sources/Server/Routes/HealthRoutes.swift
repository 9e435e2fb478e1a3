import Control
import HTTPTypes

/// How the server is.
struct HealthRoutes {
    let services: RouteServices
    /// `/metrics` for anyone, without a token.
    let opensMetrics: Bool
    /// All routes, for the names in metrics; filled in once the table is complete.
    let table: RouteTableReference

    var routes: [Route] { [healthy, ready, metrics] }

    private struct Health: Sendable {
        var status: String
    }

    private static let shape = Shape<Health>
        .object(
            "Health",
            "The state of the server.",
            [.member("status", .string) { $0.status }]
        )

    private var healthy: Route {
        Route(
            method: .get,
            path: "/healthz",
            permission: nil,
            operation: "getHealth",
            summary: "Whether the process answers",
            tag: "health",
            success: .json(Self.shape, "It does.")
        ) { _ in .json(Self.shape, Health(status: "ok")) }
    }

    private var ready: Route {
        let control = services.control
        return Route(
            method: .get,
            path: "/readyz",
            permission: nil,
            operation: "getReadiness",
            summary: "Whether the server does its work: workspace loaded, stores open, loop running",
            tag: "health",
            success: .json(Self.shape, "It does."),
            problems: [.unavailable]
        ) { _ in
            if let reason = await control.readiness() {
                throw Problem(.unavailable, reason, headers: [.retryAfter: "1"])
            }
            return .json(Self.shape, Health(status: "ready"))
        }
    }

    private var metrics: Route {
        let services = services
        let table = table
        return Route(
            method: .get,
            path: "/metrics",
            permission: opensMetrics ? nil : .read,
            operation: "getMetrics",
            summary: "Own health and each fleet, in Prometheus' text format",
            tag: "health",
            success: Route.Success(status: .ok, about: "The metrics.", contents: [(.metrics, nil)])
        ) { _ in
            var text = MetricText()
            text.write(services.metrics.current, routes: table.routes)
            text.single(
                "troupe_ingest_series",
                .gauge,
                "Series known to the receiver.",
                Double(services.receiver.directory.count)
            )
            text.single(
                "troupe_ingest_queue_bytes",
                .gauge,
                "Bytes of requests that are being stored.",
                Double(services.receiver.gate.used)
            )
            let readiness = await services.control.readiness()
            text.single("troupe_ready", .gauge, "1 where /readyz says ready.", readiness == nil ? 1 : 0)
            text.write(await services.control.gauges())
            text.write(await services.health())
            ProcessFacts.write(into: &text)
            return Answer(.ok, type: .metrics, body: Array(text.text.utf8))
        }
    }
}
