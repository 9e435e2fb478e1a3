import Foundation
import Testing

/// What the API showed of the fleet while the load ran, and what was decided.
struct ShopFilm {
    struct Picture {
        var at: Double
        var ready: Int
    }

    struct Decision {
        var at: Double
        var outcome: String
        var current: Int
        var target: Int
        var reason: String
    }

    /// In the order in which they were taken.
    private(set) var pictures: [Picture] = []
    private(set) var decisions: [Decision] = []

    struct Server {
        var id: String
        var address: String
        var persona: String
        var since: String
    }

    /// The fleet's ready servers, the oldest first.
    static func ready(_ server: RunningServer, token: String) async throws -> [Server] {
        let reply = try await server.get("/v1/resources?fleet=shop&state=ready", token: token)
        let all = try #require(try reply.json()["resources"] as? [[String: Any]], "\(reply.text)")
        return
            all.map { one in
                Server(
                    id: one["id"] as? String ?? "",
                    address: (one["labels"] as? [String: String])?["address"] ?? "",
                    persona: one["persona"] as? String ?? "",
                    since: one["since"] as? String ?? ""
                )
            }
            .sorted { ($0.since, $0.id) < ($1.since, $1.id) }
    }

    mutating func take(_ server: RunningServer, token: String) async throws {
        let ready = try await Self.ready(server, token: token).count
        // Said when the answer is there: late rather than early, so that nothing seems to be ready before it was.
        pictures.append(Picture(at: Date().timeIntervalSince1970, ready: ready))
    }

    /// All decisions of the fleet, the first one first.
    mutating func develop(_ server: RunningServer, token: String) async throws {
        let reply = try await server.get("/v1/fleets/shop/decisions?limit=1000", token: token)
        let all = try #require(try reply.json()["decisions"] as? [[String: Any]], "\(reply.text)")
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        decisions = try all.reversed()
            .map { one in
                Decision(
                    at: try format.parse(try #require(one["at"] as? String)).timeIntervalSince1970,
                    outcome: one["outcome"] as? String ?? "",
                    current: one["current"] as? Int ?? 0,
                    target: one["target"] as? Int ?? 0,
                    reason: one["reason"] as? String ?? ""
                )
            }
    }

    func ready(at time: Double) -> Int? { pictures.last { $0.at <= time }?.ready }

    /// Scale-outs that were decided in a span.
    func scaleOuts(_ span: Range<Double>) -> [Decision] {
        decisions.filter { $0.outcome == "scale_out" && span.contains($0.at) }
    }
}
