import HTTPTypes

/// KPIs in, as Prometheus sends them.
struct WriteRoutes {
    let services: RouteServices

    var routes: [Route] { [write] }

    private var write: Route {
        let receiver = services.receiver
        var body = Route.Body(
            form: .raw([.protobuf], about: "A `prometheus.WriteRequest` of remote write 1.0, compressed with snappy."),
            maximumBytes: receiver.limits.bodyBytes,
            isSnappy: true
        )
        body.gate = receiver.gate
        return Route(
            method: .post,
            path: "/api/v1/write",
            permission: .sendKPIs,
            operation: "writeKPIs",
            summary: "Send KPIs by Prometheus remote write 1.0",
            tag: "kpis",
            body: body,
            success: .none("Everything is stored, durably."),
            problems: [.tooManyRequests, .unavailable]
        ) { call in
            guard let raw = call.raw, let pass = call.pass else { throw WriteReceiver.noRoom }
            try Self.checkMessage(call.headers[.contentType] ?? "")
            let outcome = try await receiver.receive(raw, pass: pass)
            guard outcome.ahead == 0 else {
                throw Problem(
                    .badRequest,
                    "\(outcome.ahead) samples are of the future (more than \(receiver.limits.ahead) ahead) and were not "
                        + "stored; \(outcome.samples) were. Check the sender's clock."
                )
            }
            return .noContent
        }
    }

    /// Remote write 2.0 says which message it sends. Read as 1.0 it would have no series, and all of it would be lost with a 204; a 415
    /// makes such a sender fall back.
    private static func checkMessage(_ type: String) throws(Problem) {
        let proto = type.split(separator: ";").dropFirst().map(\.trimmed).first { $0.lowercased().hasPrefix("proto=") }
        guard let proto else { return }
        let message = proto.dropFirst("proto=".count).filter { $0 != "\"" }
        guard message == "prometheus.WriteRequest" else {
            throw Problem(
                .unsupportedMediaType,
                "Remote write 1.0 is taken here, which is the message prometheus.WriteRequest; this is \"\(message.prefix(60))\". In "
                    + "Prometheus leave protobuf_message at its default. Nothing was stored.",
                headers: [.accept: MediaKind.protobuf.essence]
            )
        }
    }
}
