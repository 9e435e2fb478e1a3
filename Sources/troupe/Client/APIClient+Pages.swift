extension APIClient {
    /// A list over all its pages.
    struct Listing {
        /// The pages as they came.
        let replies: [APIReply]
        /// The server has more than was asked for.
        let isCut: Bool
    }

    /// Reads pages until `limit` elements are there or the list ends.
    ///
    /// - Parameter page: how many a page may have, by the API.
    func pages(
        _ path: [String],
        _ query: [(String, String?)],
        limit: Int = .max,
        page: Int
    ) async throws -> Listing {
        struct Cursor: Decodable { let next: String? }
        var replies: [APIReply] = []
        var cursor: String?
        var left = limit
        repeat {
            let count = min(left, page)
            let reply = try await get(path, query + [("limit", String(count)), ("cursor", cursor)])
            replies.append(reply)
            cursor = try reply.decode(Cursor.self).next
            left -= count
        } while cursor != nil && left > 0
        return Listing(replies: replies, isCut: cursor != nil)
    }
}

extension APIClient.Listing {
    func rows<Page: Decodable, Row>(_ member: (Page) -> [Row]) throws -> [Row] {
        try replies.flatMap { member(try $0.decode(Page.self)) }
    }

    /// One document in the place of many pages.
    func json(_ member: String) throws -> JSONDocument {
        let elements = try replies.flatMap { try $0.json()[member]?.array ?? [] }
        return .object([member: .array(elements)])
    }
}
