import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks to a server: sends a request, and answers what came back or says clearly why nothing good did.
struct APIClient: Sendable {
    let place: ServerPlace
    private let http: HTTPClient

    /// Loading a workspace compiles all of it, so the wait is long; who does not answer at all is found out sooner.
    private static let patience = TimeAmount.seconds(60)
    /// Of one answer.
    private static let mostBytes = 64 << 20

    /// - Throws: where the certificates to trust cannot be read.
    init(_ place: ServerPlace) throws {
        self.place = place
        var tls = TLSConfiguration.makeClientConfiguration()
        if let ca = place.ca {
            do {
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(ca))
            } catch {
                throw Failure(
                    "\(ca): error: it holds no certificates that can be read (\(error)). --ca names a PEM file."
                )
            }
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            // The token is for this server, not for whom it sends us to.
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10), read: Self.patience)
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func close() async {
        try? await http.shutdown()
    }

    // MARK: Requests

    enum Method: String {
        case get = "GET"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    func get(_ path: [String], _ query: [(String, String?)] = [], accept: String = "application/json") async throws
        -> APIReply
    {
        try await send(.get, path, query, accept: accept)
    }

    func send(
        _ method: Method,
        _ path: [String],
        _ query: [(String, String?)] = [],
        json body: some Encodable
    ) async throws -> APIReply {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return try await send(method, path, query, body: ("application/json", Array(try encoder.encode(body))))
    }

    /// Sends a request and reads the whole answer.
    ///
    /// - Parameters:
    ///   - path: its parts, not yet escaped.
    ///   - query: what is nil is left out.
    /// - Throws: `APIError` where the server refused, `NoAnswer` where there was none.
    func send(
        _ method: Method,
        _ path: [String],
        _ query: [(String, String?)] = [],
        accept: String = "application/json",
        body: (type: String, bytes: [UInt8])? = nil
    ) async throws -> APIReply {
        var request = HTTPClientRequest(url: url(path, query))
        request.method = HTTPMethod(rawValue: method.rawValue)
        request.headers.add(name: "Accept", value: "\(accept), application/problem+json")
        request.headers.add(name: "User-Agent", value: "troupe/\(Troupe.configuration.version)")
        if let token = place.token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            request.headers.add(name: "Content-Type", value: body.type)
            request.body = .bytes(ByteBuffer(bytes: body.bytes))
        }
        let reply: APIReply
        do {
            let response = try await http.execute(request, timeout: Self.patience + .seconds(10))
            let bytes = try await response.body.collect(upTo: Self.mostBytes)
            reply = APIReply(
                status: Int(response.status.code),
                headers: response.headers,
                bytes: Array(bytes.readableBytesView),
                url: place.url
            )
        } catch {
            throw NoAnswer(error, place)
        }
        guard (200..<300).contains(reply.status) else { throw APIError(reply, place) }
        return reply
    }

    private func url(_ path: [String], _ query: [(String, String?)]) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(Self.escape($0))" } }
        return place.url + path.map { "/" + Self.escape($0) }.joined()
            + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    /// All but RFC 3986's unreserved characters.
    static func escape(_ text: String) -> String {
        let letters = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), letters[Int(byte >> 4)], letters[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
