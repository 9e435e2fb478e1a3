import HTTPTypes

/// The kinds of problems that this server knows.
enum ProblemKind: String, Sendable, CaseIterable {
    case badRequest = "bad-request"
    case unauthorized = "unauthorized"
    case forbidden = "forbidden"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case requestTimeout = "request-timeout"
    case conflict = "conflict"
    case preconditionFailed = "precondition-failed"
    case contentTooLarge = "content-too-large"
    case unsupportedMediaType = "unsupported-media-type"
    /// Well formed, and yet it cannot be done.
    case unprocessable = "unprocessable"
    case tooManyRequests = "too-many-requests"
    case internalError = "internal-error"
    case unavailable = "unavailable"

    var status: HTTPResponse.Status {
        switch self {
        case .badRequest: .badRequest
        case .unauthorized: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .requestTimeout: .requestTimeout
        case .conflict: .conflict
        case .preconditionFailed: .preconditionFailed
        case .contentTooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .unprocessable: .unprocessableContent
        case .tooManyRequests: .tooManyRequests
        case .internalError: .internalServerError
        case .unavailable: .serviceUnavailable
        }
    }

    var title: String {
        switch self {
        case .badRequest: "The request is malformed"
        case .unauthorized: "No valid token"
        case .forbidden: "The token's scope is too small"
        case .notFound: "There is no such thing"
        case .methodNotAllowed: "The method does not exist here"
        case .notAcceptable: "No acceptable content type"
        case .requestTimeout: "The request came in too slowly"
        case .conflict: "It contradicts what is there"
        case .preconditionFailed: "It has changed in the meantime"
        case .contentTooLarge: "The body is too large"
        case .unsupportedMediaType: "The body's type is not supported"
        case .unprocessable: "It cannot be done as asked"
        case .tooManyRequests: "Too many requests"
        case .internalError: "The server failed"
        case .unavailable: "Not at the moment"
        }
    }
}
