import HTTPTypes

/// The description of the API in OpenAPI 3.1, written from the routes that serve it.
struct OpenAPIDocument {
    let bytes: [UInt8]

    init(_ routes: [Route]) {
        var names: [String: Schema] = [:]
        // The paths first: they tell which schemas are in use.
        var paths = JSONWriter()
        Self.paths(routes, into: &paths, names: &names)
        let problem = OperationWriter.reference(to: Problem.shape.schema, names: &names)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("openapi") { $0.string("3.1.0") }
            writer.member("info") { writer in
                writer.object { writer in
                    writer.member("title") { $0.string("Troupe") }
                    writer.member("version") { $0.string("1.0.0") }
                    writer.member("description") { $0.string(Self.about) }
                    writer.member("license") { writer in
                        writer.object { writer in
                            writer.member("name") { $0.string("Apache 2.0") }
                            writer.member("identifier") { $0.string("Apache-2.0") }
                        }
                    }
                }
            }
            writer.member("servers") {
                $0.array(["/"]) { path, writer in writer.object { $0.member("url") { $0.string(path) } } }
            }
            writer.member("paths") { $0.raw(paths.bytes) }
            writer.member("components") { Self.components(names, problem: problem, into: &$0) }
        }
        bytes = writer.bytes
    }

    private static let about = """
        Troupe scales fleets before the load arrives. Errors are problem details (RFC 9457). Members and query parameters that are not \
        described here are errors. Times are ISO 8601; lengths of time are written "90s", "5m", "2h", "14d".
        """

    private static func paths(_ routes: [Route], into writer: inout JSONWriter, names: inout [String: Schema]) {
        var collected = names
        var order: [RoutePath] = []
        for route in routes where !order.contains(route.path) { order.append(route.path) }
        writer.object { writer in
            for path in order {
                writer.member(path.description) { writer in
                    writer.object { writer in
                        for route in routes where route.path == path {
                            writer.member(route.method.rawValue.lowercased()) { writer in
                                OperationWriter(route: route).write(into: &writer, names: &collected)
                            }
                        }
                    }
                }
            }
        }
        names = collected
    }

    private static func components(
        _ names: [String: Schema],
        problem: [UInt8],
        into writer: inout JSONWriter
    ) {
        // Schemas name others in turn: until there is none left that was not written.
        var known = names
        var written: [String: [UInt8]] = [:]
        while let name = known.keys.sorted().first(where: { written[$0] == nil }), let schema = known[name] {
            var inner = JSONWriter()
            schema.write(into: &inner, names: &known)
            written[name] = inner.bytes
        }
        writer.object { writer in
            writer.member("schemas") { writer in
                writer.object { writer in
                    for (name, bytes) in written.sorted(by: { $0.key < $1.key }) {
                        writer.member(name) { $0.raw(bytes) }
                    }
                }
            }
            writer.member("responses") { writer in
                writer.object { writer in
                    for kind in ProblemKind.allCases {
                        writer.member(kind.rawValue) { Self.response(kind, problem: problem, into: &$0) }
                    }
                }
            }
            writer.member("securitySchemes") { writer in
                writer.object { writer in
                    writer.member("token") { writer in
                        writer.object { writer in
                            writer.member("type") { $0.string("http") }
                            writer.member("scheme") { $0.string("bearer") }
                            writer.member("description") { $0.string("A token `trp_…`; see `troupe token`.") }
                        }
                    }
                }
            }
        }
    }

    private static func response(_ kind: ProblemKind, problem: [UInt8], into writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("description") { $0.string(kind.title + ".") }
            let headers: [(String, String)] =
                switch kind {
                case .unauthorized: [("WWW-Authenticate", "Which kind of token is asked for.")]
                case .tooManyRequests, .unavailable: [("Retry-After", "Seconds to wait.")]
                case .methodNotAllowed: [("Allow", "The methods that exist here.")]
                default: []
                }
            OperationWriter.headers(headers + OperationWriter.commonHeaders, into: &writer)
            writer.member("content") { writer in
                writer.object { writer in
                    writer.member(MediaKind.problem.essence) { writer in
                        writer.object { $0.member("schema") { $0.raw(problem) } }
                    }
                }
            }
        }
    }
}
