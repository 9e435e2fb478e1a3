import Foundation
import NIOHTTP1

/// An answer of a server, read whole.
struct APIReply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let bytes: [UInt8]
    let url: String

    /// - Throws: where the answer is not of this form, which no Troupe of this version sends.
    func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decode(type, decoder)
    }

    /// The answer as it came.
    func json() throws -> JSONDocument { try decode(JSONDocument.self, JSONDecoder()) }

    private func decode<Value: Decodable>(_ type: Value.Type, _ decoder: JSONDecoder) throws -> Value {
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch {
            throw Failure(
                """
                \(url) answered something that is not what its API promises (\(Self.place(error))): \
                is it a Troupe of this version? It begins: \(start)
                """
            )
        }
    }

    /// The first characters, on one line.
    var start: String {
        let text = String(decoding: bytes.prefix(120), as: UTF8.self)
        return "\"" + String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }) + (bytes.count > 120 ? "…" : "") + "\""
    }

    private static func place(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        func text(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
            let path = (context.codingPath + (key.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "no JSON" : "at \(path)"
        }
        return switch error {
        case .keyNotFound(let key, let context): text(context, key)
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): text(context)
        @unknown default: "no JSON"
        }
    }
}
