import NIOCore
package import NIOHTTP1

/// A request as the agent makes it. `path` goes behind the address's own.
package struct HTTPQuery: Sendable {
    package var method: HTTPMethod
    package var path: String
    package var headers: [(String, String)]
    package var body: [UInt8]

    package init(_ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }
}

/// What a server answered.
package struct HTTPAnswer: Sendable {
    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]

    /// The beginning of the body as one line for a log: a server's words, with nothing in them that a terminal would obey.
    package var excerpt: String {
        let text = String(decoding: body.prefix(300), as: UTF8.self)
        return String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 })
        )
    }
}

extension HTTPAnswer {
    /// How long the server asks to wait, at most an hour.
    ///
    /// In seconds. A date is the other form that HTTP knows; no server of ours sends it, and the agent's own pause stands in.
    var retryAfterMs: Int64? {
        guard let seconds = headers.first(name: "Retry-After").flatMap({ Int64($0) }), seconds >= 0 else { return nil }
        return min(seconds, 3600) * 1000
    }
}

/// Why there is no answer.
package struct HTTPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
    /// Whether the connection was closed before a byte of the answer came: what a server does with a connection that idled too long.
    var beforeAnswer = false
}

/// One request on its way through a channel, and the promise of its answer.
struct HTTPExchange: Sendable {
    var head: HTTPRequestHead
    var body: [UInt8]
    var timeout: TimeAmount
    var mostBytes: Int
    var answer: EventLoopPromise<HTTPAnswer>
}
