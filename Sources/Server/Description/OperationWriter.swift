import HTTPTypes
import StateStore

/// Writes one route as an OpenAPI operation.
struct OperationWriter {
    let route: Route

    static let commonHeaders = [("X-Request-Id", "Under which the server's log knows the request.")]

    func write(into writer: inout JSONWriter, names: inout [String: Schema]) {
        var collected = names
        writer.object { writer in
            writer.member("operationId") { $0.string(route.operation) }
            writer.member("summary") { $0.string(route.summary) }
            writer.member("tags") { $0.array([route.tag]) { $1.string($0) } }
            if let permission = route.permission {
                writer.member("description") {
                    $0.string("Needs a token of scope \(permission.leastScope.rawValue)\(permission.others).")
                }
            }
            writer.member("security") { writer in
                writer.array(route.permission == nil ? [] : ["token"]) { name, writer in
                    writer.object { $0.member(name) { $0.array([String]()) { $1.string($0) } } }
                }
            }
            writer.member("parameters") { parameters(into: &$0, names: &collected) }
            if let body = route.body { writer.member("requestBody") { self.body(body, into: &$0, names: &collected) } }
            writer.member("responses") { responses(into: &$0, names: &collected) }
        }
        names = collected
    }

    // MARK: What goes in

    private struct Described {
        var name: String
        var place: String
        var about: String
        var isRequired: Bool
        var schema: Schema
        var standard: JSONValue?
    }

    private func parameters(into writer: inout JSONWriter, names: inout [String: Schema]) {
        var all = route.path.parameters.map { name in
            Described(
                name: name,
                place: "path",
                about: "",
                isRequired: true,
                schema: .string(route.forms[name] ?? .name)
            )
        }
        all += route.query.map {
            Described(
                name: $0.name,
                place: "query",
                about: $0.about,
                isRequired: $0.isRequired,
                schema: $0.schema,
                standard: $0.standard
            )
        }
        if route.hasETag {
            all.append(header("If-None-Match", "The ETag that the caller has: 304 where it still holds."))
        }
        if route.takesIfMatch {
            all.append(header("If-Match", "The ETag of what is to be changed: 412 where it no longer holds."))
        }
        if route.body?.isSnappy == true {
            var encoding = header("Content-Encoding", "How the body is compressed.", .choice(["snappy"]))
            encoding.isRequired = true
            all.append(encoding)
        }
        var collected = names
        writer.array(all) { parameter, writer in
            writer.object { writer in
                writer.member("name") { $0.string(parameter.name) }
                writer.member("in") { $0.string(parameter.place) }
                writer.member("required") { $0.bool(parameter.isRequired) }
                if !parameter.about.isEmpty { writer.member("description") { $0.string(parameter.about) } }
                writer.member("schema") { writer in
                    parameter.schema.write(into: &writer, names: &collected, standard: parameter.standard)
                }
            }
        }
        names = collected
    }

    private func header(_ name: String, _ about: String, _ form: TextForm = .any) -> Described {
        Described(name: name, place: "header", about: about, isRequired: false, schema: .string(form))
    }

    private func body(_ body: Route.Body, into writer: inout JSONWriter, names: inout [String: Schema]) {
        var collected = names
        writer.object { writer in
            writer.member("required") { $0.bool(true) }
            writer.member("description") { $0.string("At most \(body.maximumBytes) bytes. " + body.about) }
            writer.member("content") { writer in
                writer.object { writer in
                    for type in body.types {
                        writer.member(type.essence) { writer in
                            writer.object { writer in
                                writer.member("schema") { writer in
                                    if type == .json, let schema = body.schema {
                                        schema.write(into: &writer, names: &collected)
                                    } else {
                                        body.writeText(type, into: &writer)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        names = collected
    }

    // MARK: What comes out

    private func responses(into writer: inout JSONWriter, names: inout [String: Schema]) {
        var collected = names
        writer.object { writer in
            writer.member(String(route.success.status.code)) { success(into: &$0, names: &collected) }
            if route.hasETag {
                writer.member("304") { writer in
                    writer.object { writer in
                        writer.member("description") { $0.string("It is what the caller has.") }
                        Self.headers([("ETag", "Of what the caller has.")] + Self.commonHeaders, into: &writer)
                    }
                }
            }
            for kind in route.allProblems {
                writer.member(String(kind.status.code)) { writer in
                    writer.object { $0.member("$ref") { $0.string("#/components/responses/\(kind.rawValue)") } }
                }
            }
        }
        names = collected
    }

    private func success(into writer: inout JSONWriter, names: inout [String: Schema]) {
        var collected = names
        writer.object { writer in
            writer.member("description") { $0.string(route.success.about) }
            var headers = Self.commonHeaders
            if route.hasETag { headers.append(("ETag", "A digest of the answer.")) }
            if route.success.hasLocation { headers.append(("Location", "Of what was created.")) }
            if route.success.hasLink { headers.append(("Link", "To the next page (RFC 8288), if there is one.")) }
            Self.headers(headers, into: &writer)
            guard !route.success.contents.isEmpty else { return }
            writer.member("content") { writer in
                writer.object { writer in
                    for content in route.success.contents {
                        writer.member(content.type.essence) { writer in
                            writer.object { writer in
                                writer.member("schema") {
                                    (content.schema ?? .string()).write(into: &$0, names: &collected)
                                }
                            }
                        }
                    }
                }
            }
        }
        names = collected
    }

    static func headers(_ headers: [(String, String)], into writer: inout JSONWriter) {
        writer.member("headers") { writer in
            writer.object { writer in
                for (name, about) in headers {
                    writer.member(name) { writer in
                        writer.object { writer in
                            writer.member("description") { $0.string(about) }
                            writer.member("schema") { $0.object { $0.member("type") { $0.string("string") } } }
                        }
                    }
                }
            }
        }
    }

    /// A schema as it stands where it is used.
    static func reference(to schema: Schema, names: inout [String: Schema]) -> [UInt8] {
        var writer = JSONWriter()
        schema.write(into: &writer, names: &names)
        return writer.bytes
    }
}

extension Route {
    /// Every problem that the route can answer, those of the gateway included, by status; each status once.
    var allProblems: [ProblemKind] {
        var kinds: Set<ProblemKind> = Set(problems + [.badRequest, .internalError])
        if permission != nil { kinds.formUnion([.unauthorized, .forbidden, .tooManyRequests]) }
        if body != nil { kinds.formUnion([.contentTooLarge, .unsupportedMediaType, .requestTimeout]) }
        if !success.contents.isEmpty { kinds.insert(.notAcceptable) }
        if takesIfMatch { kinds.insert(.preconditionFailed) }
        // The audit comes before the change, and it may be that it cannot be written.
        if action != nil { kinds.insert(.unavailable) }
        return kinds.sorted { $0.status.code < $1.status.code }
    }
}

extension Route.Body {
    fileprivate var schema: Schema? {
        switch form {
        case .json(let schema), .jsonOrText(let schema, _): schema
        case .raw: nil
        }
    }

    fileprivate var about: String {
        switch form {
        case .json: ""
        case .raw(_, let about), .jsonOrText(_, let about): about + (isSnappy ? " `Content-Encoding: snappy`." : "")
        }
    }

    fileprivate func writeText(_ type: MediaKind, into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type") { $0.string("string") }
            if type == .protobuf { writer.member("format") { $0.string("binary") } }
        }
    }
}

extension Permission {
    /// The rule where scopes are no ladder.
    fileprivate var others: String {
        switch self {
        case .sendKPIs: ", operator or admin"
        default: leastScope == .admin ? "" : " or above"
        }
    }
}
