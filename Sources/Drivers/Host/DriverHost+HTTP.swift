import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import ScriptProtocol
import Scripting

extension DriverHost {
    static let mostBodyBytes = 4 << 20
    private static let reading: Set = ["GET", "HEAD", "OPTIONS"]

    /// `host.http{ url =, method =, headers =, body =, timeout =, ca = }` → `{ status, headers, body }`. Any status is an answer; no
    /// answer is an error. `ca` is the PEM of the authority to trust instead of the system's.
    func http(_ arguments: HostArguments, isInert: Bool) async throws(HostError) -> ScriptValue {
        let options = try arguments.options("{ url = \"https://…\", method = \"POST\" }")
        let address = try options.required("url")
        let method = try options.text("method") ?? "GET"
        let headers = try options.settings("headers")
        let body = try options.text("body")
        let timeout = try options.seconds("timeout", default: 10, upTo: 120)
        let authority = try options.text("ca")
        try options.end()
        guard HTTPNeed.methods.contains(method) else {
            throw .misuse(
                "host.http: method is \"\(method)\"; expected one of \(HTTPNeed.methods.joined(separator: ", "))"
            )
        }
        guard let url = URL(string: address, encodingInvalidCharacters: false) else {
            throw .misuse("host.http: url is \"\(address)\", which is none")
        }
        try capabilities.check(method: method, url: url)
        if isInert, !Self.reading.contains(method) {
            throw .effect("host.http \(method) changes something, and \(function.rawValue) must not")
        }
        guard (body?.utf8.count ?? 0) <= Self.mostBodyBytes else {
            throw .misuse("host.http: the body is larger than \(Self.mostBodyBytes >> 20) MiB")
        }
        var request = HTTPClientRequest(url: url.absoluteString)
        request.method = .init(rawValue: method)
        request.headers.add(name: "user-agent", value: "troupe")
        for header in headers {
            guard header.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }),
                !header.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f })
            else { throw .misuse("host.http: header \(header.name) holds what no header may") }
            request.headers.replaceOrAdd(name: header.name, value: header.value)
        }
        if let authority {
            var tls = TLSConfiguration.makeClientConfiguration()
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)), !certificates.isEmpty
            else {
                throw .misuse("host.http: ca is no certificate in PEM")
            }
            tls.trustRoots = .certificates(certificates)
            request.tlsConfiguration = tls
        }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        return try await send(request, within: try timeLeft(timeout), "\(method) \(address)")
    }

    private func send(_ request: HTTPClientRequest, within time: Duration, _ what: String) async throws(HostError)
        -> ScriptValue
    {
        do {
            let response = try await services.http.execute(request, deadline: .now() + .init(time))
            let body = try await response.body.collect(upTo: Self.mostBodyBytes)
            var headers: [String: String] = [:]
            for (name, value) in response.headers {
                let key = name.lowercased()
                headers[key] = headers[key].map { "\($0), \(value)" } ?? value
            }
            return .record([
                ("status", .integer(Int64(response.status.code))),
                ("headers", .record(headers.map { ($0.key, .string($0.value)) })),
                ("body", .string(String(decoding: body.readableBytesView, as: UTF8.self))),
            ])
        } catch is NIOTooManyBytesError {
            throw .misuse("host.http \(what): the answer is larger than \(Self.mostBodyBytes >> 20) MiB")
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout {
            throw .unavailable("host.http \(what): no answer within \(TimeSpan(time))")
        } catch let error as HTTPClientError where error == .connectTimeout {
            throw .unavailable("host.http \(what): the server does not accept the connection")
        } catch {
            throw .unavailable("host.http \(what): \(error)")
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}

extension TimeSpan {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(milliseconds: seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}
