import HTTPTypes

/// One operation of the API: what it takes, what it answers, who may call it, and the code that does it.
///
/// The table of routes both registers the handlers and writes `/openapi.json`; what a route does not declare, the gateway neither lets in
/// nor the document promises.
struct Route: Sendable {
    var method: HTTPRequest.Method
    var path: RoutePath
    /// Forms of the path's parameters, where they are not names.
    var forms: [String: TextForm] = [:]
    /// nil: for anyone.
    var permission: Permission?
    /// `listFleets`
    var operation: String
    var summary: String
    var tag: String
    /// Query parameters.
    var query: [Parameter] = []
    var body: Body?
    /// The answer when all goes well.
    var success: Success
    /// Problems that the handler itself may answer; those of the gateway come by themselves.
    var problems: [ProblemKind] = []
    /// The answer bears an ETag, and `If-None-Match` is honoured.
    var hasETag = false
    /// `If-Match` is honoured.
    var takesIfMatch = false
    /// What the audit calls it, for operations that change something.
    var action: String?
    var handle: @Sendable (Call) async throws -> Answer

    /// A query parameter.
    struct Parameter: Sendable {
        var name: String
        var schema: Schema
        var about: String
        var isRequired = false
        /// What holds where it is not given, for the document.
        var standard: JSONValue?
    }

    /// What a route takes in.
    struct Body: Sendable {
        enum Form: Sendable {
            /// JSON that the gateway checks against the schema.
            case json(Schema)
            /// Bytes that the handler reads by itself.
            case raw([MediaKind], about: String)
            /// JSON or text lines.
            case jsonOrText(Schema, about: String)
        }

        var form: Form
        var maximumBytes: Int
        /// Whether the body is compressed with snappy, as remote write is.
        var isSnappy = false
        /// Where bodies of all requests together are bounded.
        var gate: IngestGate?

        static func json(_ schema: Schema, maximumBytes: Int = 1 << 16) -> Body {
            Body(form: .json(schema), maximumBytes: maximumBytes)
        }

        var types: [MediaKind] {
            switch form {
            case .json: [.json]
            case .raw(let types, _): types
            case .jsonOrText: [.json, .text]
            }
        }
    }

    /// The answer when all goes well.
    struct Success: Sendable {
        var status: HTTPResponse.Status
        var about: String
        /// Content types with their schemas (nil for texts); none = no content.
        var contents: [(type: MediaKind, schema: Schema?)]
        var hasLocation = false
        var hasLink = false

        static func json<Value>(
            _ shape: Shape<Value>,
            _ about: String,
            status: HTTPResponse.Status = .ok
        ) -> Success {
            Success(status: status, about: about, contents: [(.json, shape.schema)])
        }

        static func none(_ about: String) -> Success {
            Success(status: .noContent, about: about, contents: [])
        }
    }
}
