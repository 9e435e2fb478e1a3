import Domain
import HTTPTypes
import Logging
import NIOCore
import Synchronization

/// A request that has passed the gateway: who makes it, what was asked for, already checked against its route.
struct Call: Sendable {
    /// Id of the request, in the answer, the log and the audit.
    var id: String
    var caller: Caller
    var client: String
    var path: String
    /// Values of the path's parameters, in order.
    var parameters: [String]
    var query: Query
    /// The body, where it is JSON.
    var json: JSONValue?
    /// The body as it came, where the route reads it by itself.
    var raw: ByteBuffer?
    /// The room that the body takes, where that is bounded.
    var pass: IngestGate.Pass?
    var headers: HTTPFields
    var now: Timestamp
    var logger: Logger
    /// What the audit should say of the change.
    var notes: Notes

    /// The path's parameter; the route has it, since the gateway matched it.
    func parameter(_ index: Int = 0) -> String {
        parameters.indices.contains(index) ? parameters[index] : ""
    }

    /// A member of the JSON body, nil where it is not there or `null`.
    subscript(member: String) -> JSONValue? {
        guard let value = json?[member], value != .null else { return nil }
        return value
    }

    var type: String { (headers[.contentType] ?? "").prefix { $0 != ";" }.trimmed.lowercased() }

    /// Filled by the handler, read by the gateway afterwards.
    final class Notes: Sendable {
        private let text = Mutex<String?>(nil)

        var detail: String? { text.withLock { $0 } }

        func note(_ detail: String) {
            text.withLock { $0 = String(detail.prefix(500)) }
        }
    }
}

extension StringProtocol {
    /// Without blanks and tabs at both ends.
    var trimmed: String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
