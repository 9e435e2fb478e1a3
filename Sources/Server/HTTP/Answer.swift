import HTTPTypes

/// What a handler answers.
struct Answer: Sendable {
    var status: HTTPResponse.Status
    /// nil: no content.
    var type: MediaKind?
    var body: [UInt8]
    var headers: HTTPFields

    init(_ status: HTTPResponse.Status, type: MediaKind? = nil, body: [UInt8] = [], headers: HTTPFields = [:]) {
        self.status = status
        self.type = type
        self.body = body
        self.headers = headers
    }

    static func json<Value>(
        _ shape: Shape<Value>,
        _ value: Value,
        status: HTTPResponse.Status = .ok,
        headers: HTTPFields = [:]
    ) -> Answer {
        Answer(status, type: .json, body: shape.bytes(value), headers: headers)
    }

    static let noContent = Answer(.noContent)

    init(_ problem: Problem, instance: String, requestID: String) {
        let document = Problem.Document(problem: problem, instance: instance, requestID: requestID)
        self.init(
            problem.kind.status,
            type: .problem,
            body: Problem.shape.bytes(document),
            headers: problem.headers
        )
    }
}

/// Content types that this server speaks.
enum MediaKind: String, Sendable {
    case json = "application/json"
    case problem = "application/problem+json"
    case text = "text/plain; charset=utf-8"
    case metrics = "text/plain; version=0.0.4; charset=utf-8"
    case protobuf = "application/x-protobuf"

    /// Without parameters: `text/plain`.
    var essence: String { String(rawValue.prefix { $0 != ";" }) }
}
