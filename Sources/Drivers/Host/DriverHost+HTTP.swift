import AsyncHTTPClient
import Domain
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
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
        guard address.contains("://") else {
            throw .misuse("host.http: \"\(address)\" has no scheme; expected http:// or https:// before it")
        }
        guard let url = URL(string: address, encodingInvalidCharacters: false) else {
            throw .misuse("host.http: \"\(address)\" is no address; expected such as https://api.example.com/v1")
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
            try check(header)
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

    /// Says which character is too much, and of which secret it is: whoever looks for it cannot see it.
    private func check(_ header: (name: String, value: String)) throws(HostError) {
        let inName = header.name.unicodeScalars.first { $0.value <= 0x20 || $0.value >= 0x7f || $0 == ":" }
        let inValue = header.value.unicodeScalars.first { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f }
        guard let bad = inName ?? inValue ?? (header.name.isEmpty ? " " : nil) else { return }
        let code = String(bad.value, radix: 16, uppercase: true)
        let number = "U+" + String(repeating: "0", count: max(0, 4 - code.count)) + code
        let word: String
        switch bad {
        case "\n": word = "a line feed, \(number)"
        case "\r": word = "a carriage return, \(number)"
        case " ": word = "a blank, or nothing at all"
        case _ where bad.value < 0x20 || bad.value == 0x7f: word = "a control character, \(number)"
        default: word = "\(bad), \(number)"
        }
        let secret = inName == nil ? redactor.secret(within: header.value, holding: bad) : nil
        let place = inName == nil && !header.name.isEmpty ? "" : " in its name"
        throw .misuse(
            "host.http: header \(header.name) holds what no header may\(place): \(word)"
                + (secret.map { ". It stands in the secret \($0)" } ?? "")
        )
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
            throw .unavailable("host.http \(what): \(Self.inWords(error, request.url))")
        }
    }

    /// What a person on call would say of a connection that was not made.
    private static func inWords(_ error: any Error, _ address: String) -> String {
        let url = URL(string: address)
        let host = url?.host() ?? address
        let port = url?.port ?? (url?.scheme == "https" ? 443 : 80)
        if let error = error as? IOError { return reason(error, host, port) }
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        if let first = error.connectionErrors.first {
            return (first.error as? IOError).map { reason($0, host, port) } ?? "\(first.error)"
        }
        guard error.dnsAError != nil || error.dnsAAAAError != nil else { return "\(host) cannot be reached" }
        return "the host name \(host) is not known"
    }

    private static func reason(_ error: IOError, _ host: String, _ port: Int) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "nothing listens at \(host):\(port)"
        case EHOSTUNREACH, ENETUNREACH: "there is no way to \(host)"
        case ECONNRESET, EPIPE: "\(host):\(port) broke the connection off"
        default: "\(host):\(port): \(String(cString: strerror(error.errnoCode)))"
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
