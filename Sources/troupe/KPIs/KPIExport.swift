import Domain
import Foundation

/// Reads a long time in parts: where the server says that a part has more readings than one answer may have, in halves of it.
struct KPIExport {
    private let client: APIClient
    private let query: [(String, String?)]
    private let isJSON: Bool

    init(_ client: APIClient, query: [(String, String?)], isJSON: Bool) {
        self.client = client
        self.query = query
        self.isJSON = isJSON
    }

    /// Hands on what it reads, oldest part first; answers how many readings (in JSON: series of a part) there were.
    func run(from: Timestamp, to: Timestamp, write: ([UInt8]) throws -> Void) async throws -> Int {
        var count = 0
        if isJSON { try write(Array("{\"series\":[".utf8)) }
        // The part to read next is the last.
        var parts = [(from, to)]
        while let (start, end) = parts.popLast() {
            do {
                let reply = try await client.get(
                    ["v1", "kpis", "export"],
                    query + [("from", start.description), ("to", end.description)],
                    accept: isJSON ? "application/json" : "text/plain"
                )
                if isJSON {
                    for series in try reply.json()["series"]?.array ?? [] {
                        let bytes = Array(try JSONEncoder().encode(series))
                        try write((count > 0 ? [UInt8(ascii: ","), UInt8(ascii: "\n")] : [UInt8(ascii: "\n")]) + bytes)
                        count += 1
                    }
                } else {
                    try write(reply.bytes)
                    count += reply.bytes.count { $0 == UInt8(ascii: "\n") }
                }
            } catch let error as APIError where error.status == 422 && (end - start).milliseconds > 1 {
                let middle = start + TimeSpan(milliseconds: (end - start).milliseconds / 2)
                parts += [(middle, end), (start, middle)]
            }
        }
        if isJSON { try write(Array("\n]}\n".utf8)) }
        return count
    }
}
