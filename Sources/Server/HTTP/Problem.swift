import HTTPTypes

/// An answer that says why not: problem details (RFC 9457).
struct Problem: Error, Sendable {
    var kind: ProblemKind
    /// What happened here, where, and what to do; full sentences.
    var detail: String
    /// Each thing that was wrong with the request, if there can be several.
    var findings: [Schema.Finding] = []
    var headers: HTTPFields = [:]

    init(_ kind: ProblemKind, _ detail: String, findings: [Schema.Finding] = [], headers: HTTPFields = [:]) {
        self.kind = kind
        self.detail = detail
        self.findings = findings
        self.headers = headers
    }

    /// Where in the document of problems the kinds are described.
    static let typePrefix = "urn:troupe:problem:"

    /// A problem as it is sent: with the request that it answers.
    struct Document: Sendable {
        var problem: Problem
        var instance: String
        var requestID: String
    }

    static let shape = Shape<Document>
        .object(
            "Problem",
            "Why a request was not served (RFC 9457).",
            [
                .member("type", .string, "What kind of problem it is; stable.") {
                    typePrefix + $0.problem.kind.rawValue
                },
                .member("title", .string, "The kind in words.") { $0.problem.kind.title },
                .member("status", .count) { $0.problem.kind.status.code },
                .member("detail", .string, "What happened here, and what to do.") { $0.problem.detail },
                .member("instance", .string, "The path that was asked for.") { $0.instance },
                .member("request_id", .string, "Under which the server's log knows the request.") { $0.requestID },
                .member("errors", findingShape.array(), "Each thing that was wrong with the request.") {
                    $0.problem.findings
                },
            ]
        )

    private static let findingShape = Shape<Schema.Finding>
        .object(
            "ProblemError",
            "One thing that was wrong with a request.",
            [
                .member("place", .string, "JSON pointer into the body, name of a parameter, or file and line.") {
                    $0.place
                },
                .member("message", .string, "What was found, and what is expected.") { $0.message },
                .member("suggestion", Shape<String>.string.orNull, "What was probably meant.") { $0.suggestion },
            ]
        )
}
