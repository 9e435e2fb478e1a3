import HTTPTypes

/// All routes, found by path and method.
struct RouteTable: Sendable {
    /// In the order of the document.
    let routes: [Route]
    /// Paths without parameters, for a look-up without a walk: `/api/v1/write` is asked for hundreds of times a second.
    private let fixed: [String: [Int]]
    /// Paths with parameters, by number of segments; literal segments before parameters.
    private let open: [Int: [[Int]]]

    enum Match {
        case found(Int, parameters: [String])
        /// The path is there, with other methods.
        case otherMethods([HTTPRequest.Method])
        case nothing
    }

    init(_ routes: [Route]) {
        self.routes = routes
        var fixed: [String: [Int]] = [:]
        var groups: [RoutePath: [Int]] = [:]
        for (index, route) in routes.enumerated() {
            if route.path.parameters.isEmpty {
                fixed[route.path.description, default: []].append(index)
            } else {
                groups[route.path, default: []].append(index)
            }
        }
        self.fixed = fixed
        open = Dictionary(grouping: groups.values) { routes[$0[0]].path.parts.count }
            .mapValues { $0.sorted { routes[$0[0]].path.parameters.count < routes[$1[0]].path.parameters.count } }
    }

    /// - Parameter path: as it was sent, without the query, still percent-encoded.
    func match(_ method: HTTPRequest.Method, _ path: Substring) -> Match {
        if let indices = fixed[String(path)] { return choose(method, among: indices, parameters: []) }
        guard path.first == "/" else { return .nothing }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let segment = PercentCoding.decode(part), !segment.isEmpty, segments.count < 16 else {
                return .nothing
            }
            segments.append(segment)
        }
        for indices in open[segments.count] ?? [] {
            if let parameters = routes[indices[0]].path.match(segments) {
                return choose(method, among: indices, parameters: parameters)
            }
        }
        return .nothing
    }

    private func choose(_ method: HTTPRequest.Method, among indices: [Int], parameters: [String]) -> Match {
        // Whoever can GET can HEAD (RFC 9110, 9.1).
        let wanted = method == .head ? .get : method
        if let index = indices.first(where: { routes[$0].method == wanted }) {
            return .found(index, parameters: parameters)
        }
        let methods = indices.map { routes[$0].method }
        return .otherMethods(methods + (methods.contains(.get) ? [.head] : []))
    }
}
