/// A path with parameters: `/v1/fleets/{name}/decisions`.
struct RoutePath: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    enum Part: Sendable, Hashable {
        case literal(String)
        case parameter(String)
    }

    let parts: [Part]

    init(stringLiteral text: StaticString) {
        parts = text.description.split(separator: "/")
            .map { part in
                part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .literal(String(part))
            }
    }

    var description: String {
        parts.map { part in
            switch part {
            case .literal(let text): "/" + text
            case .parameter(let name): "/{" + name + "}"
            }
        }
        .joined()
    }

    var parameters: [String] {
        parts.compactMap { part in
            guard case .parameter(let name) = part else { return nil }
            return name
        }
    }

    /// The parameters' values, nil where the segments are not of this path.
    func match(_ segments: [String]) -> [String]? {
        guard segments.count == parts.count else { return nil }
        var values: [String] = []
        for (part, segment) in zip(parts, segments) {
            switch part {
            case .literal(let text): if text != segment { return nil }
            case .parameter: values.append(segment)
            }
        }
        return values
    }
}
