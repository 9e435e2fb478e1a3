import HTTPTypes

extension Answer {
    /// A page of a list, with a `Link` to the next one (RFC 8288).
    static func page<Element>(_ shape: Shape<Page<Element>>, _ page: Page<Element>, of call: Call) -> Answer {
        var answer = Answer.json(shape, page)
        if let next = page.next, let name = HTTPField.Name("Link") {
            let parameters = call.query.pairs.filter { $0.name != "cursor" } + [(name: "cursor", value: next)]
            let query = parameters.map { "\(PercentCoding.encode($0.name))=\(PercentCoding.encode($0.value))" }
            answer.headers[name] = "<\(call.path)?\(query.joined(separator: "&"))>; rel=\"next\""
        }
        return answer
    }
}

extension Route.Success {
    /// With a `Link` to the next page.
    var linked: Route.Success {
        var copy = self
        copy.hasLink = true
        return copy
    }
}

extension Query {
    /// All that was given, sorted by name.
    var pairs: [(name: String, value: String)] {
        all.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}
