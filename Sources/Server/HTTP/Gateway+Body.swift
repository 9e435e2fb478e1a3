import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

extension Gateway {
    /// Reads a body of the form that the route takes, and checks JSON against its schema.
    func receive(_ body: Route.Body, of request: Request, into call: inout Call) async throws {
        try checkType(body, of: call)
        let declared = request.headers[.contentLength].flatMap { Int($0) }
        if let declared, declared > body.maximumBytes { throw tooLarge(declared, body.maximumBytes) }
        if let gate = body.gate {
            // Before a byte is read: without a declared length the most that may come.
            guard let pass = gate.enter(max(0, declared ?? body.maximumBytes)) else {
                metrics.countRefusal("queue")
                throw WriteReceiver.noRoom
            }
            call.pass = pass
        }
        let buffer = try await collect(request, declared: declared, atMost: body.maximumBytes)
        switch body.form {
        case .raw: call.raw = buffer
        case .json(let schema): call.json = try parse(buffer, schema)
        case .jsonOrText(let schema, _):
            if call.type == MediaKind.json.essence {
                call.json = try parse(buffer, schema)
            } else {
                call.raw = buffer
            }
        }
    }

    private func checkType(_ body: Route.Body, of call: Call) throws(Problem) {
        let taken = body.types.map(\.essence)
        guard taken.contains(call.type) else {
            throw Problem(
                .unsupportedMediaType,
                "Send the body as \(taken.joined(separator: " or ")); the Content-Type is \"\(call.type.prefix(60))\".",
                headers: [.accept: taken.joined(separator: ", ")]
            )
        }
        let encoding = (call.headers[.contentEncoding] ?? "identity").trimmed.lowercased()
        let wanted = body.isSnappy ? "snappy" : "identity"
        guard encoding == wanted else {
            throw Problem(
                .unsupportedMediaType,
                "The Content-Encoding must be \(wanted); it is \"\(encoding.prefix(60))\".",
                headers: [.acceptEncoding: wanted]
            )
        }
    }

    /// The whole body.
    private func collect(_ request: Request, declared: Int?, atMost limit: Int) async throws -> ByteBuffer {
        var whole: ByteBuffer?
        do {
            for try await part in request.body {
                guard var buffer = whole else {
                    guard part.readableBytes <= limit else { throw tooLarge(part.readableBytes, limit) }
                    // The usual case is one part, which then is the body, without a copy.
                    whole = part
                    if let declared, declared > part.readableBytes {
                        whole?.reserveCapacity(minimumWritableBytes: declared - part.readableBytes)
                    }
                    continue
                }
                whole = nil
                guard buffer.readableBytes + part.readableBytes <= limit else {
                    throw tooLarge(buffer.readableBytes + part.readableBytes, limit)
                }
                buffer.writeImmutableBuffer(part)
                whole = buffer
            }
        } catch let error as Problem {
            throw error
        } catch let error as HTTPParserError {
            // Hummingbird answers it, and closes the connection.
            throw error
        } catch {
            throw Problem(.badRequest, "The body broke off (\(error)).")
        }
        let buffer = whole ?? ByteBuffer()
        guard declared.map({ $0 == buffer.readableBytes }) ?? true else {
            throw Problem(.badRequest, "The body broke off after \(buffer.readableBytes) bytes.")
        }
        return buffer
    }

    private func tooLarge(_ found: Int, _ limit: Int) -> Problem {
        Problem(
            .contentTooLarge,
            "The body has \(found) bytes or more; at most \(limit) are taken here. Send less at once."
        )
    }

    private func parse(_ buffer: ByteBuffer, _ schema: Schema) throws(Problem) -> JSONValue {
        let value: JSONValue
        do throws(JSONReader.Failure) {
            value = try JSONReader.read(Array(buffer.readableBytesView))
        } catch {
            throw Problem(
                .badRequest,
                "The body is not JSON.",
                findings: [Schema.Finding(place: "byte \(error.offset)", message: error.message)]
            )
        }
        let findings = schema.check(value)
        guard findings.isEmpty else {
            throw Problem(.badRequest, "The body cannot be used; each reason is among the errors.", findings: findings)
        }
        return value
    }
}
