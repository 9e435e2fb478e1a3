/// What a request line asks for, cut into path and query, both still percent-encoded.
struct RequestTarget: Sendable {
    let path: Substring
    let query: Substring

    /// Takes the origin form (`/v1/fleets?limit=1`) and the absolute form that proxies send.
    init(_ text: String) {
        var rest = text[...]
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            let authority = rest[scheme.upperBound...]
            rest = authority.firstIndex(where: { $0 == "/" || $0 == "?" }).map { authority[$0...] } ?? "/"
        }
        let pathEnd = rest.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
        path = rest[..<pathEnd]
        guard pathEnd < rest.endIndex, rest.utf8[pathEnd] == UInt8(ascii: "?") else {
            query = ""
            return
        }
        query = rest[rest.utf8.index(after: pathEnd)...].prefix { $0 != "#" }
    }
}
