import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// Why there was no answer at all, in words that say what to look at.
struct NoAnswer: Error, CustomStringConvertible {
    let description: String
    /// Nobody named the server: it was found in a data folder, and may be long gone.
    let isFound: Bool

    init(_ error: any Error, _ place: ServerPlace) {
        isFound = place.isFound
        description = Self.text(error, place)
    }

    private static func text(_ error: any Error, _ place: ServerPlace) -> String {
        let url = place.url
        switch error {
        case let error as HTTPClientError:
            return text(error, place)
        case let error as NIOConnectionError:
            if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
                return "\(url): error: the name \(error.host) is not known here. Is it spelt right?"
            }
            let first = error.connectionErrors.first?.error
            return text(first ?? error, place)
        case let error as IOError:
            return refused(error.errnoCode, place) ?? "\(url): error: there is no connection (\(error.description))."
        case is ChannelError:
            return "\(url): error: no connection within 10 s. Is the address right, and does a firewall let us through?"
        case let error as NIOSSLError:
            return tls("\(error)", place)
        case let error as NIOSSLExtraError:
            return tls("\(error)", place)
        case is NIOTooManyBytesError:
            return "\(url): error: the answer is too large to be read. Ask for less."
        default:
            return "\(url): error: the request could not be made (\(error))."
        }
    }

    private static func text(_ error: HTTPClientError, _ place: ServerPlace) -> String {
        let url = place.url
        switch error {
        case .connectTimeout:
            return "\(url): error: no connection within 10 s. Is the address right, and does a firewall let us through?"
        case .readTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout:
            return
                "\(url): error: no answer within a minute. What was asked for may still be done: look before you ask again."
        case .tlsHandshakeTimeout:
            return tls("no handshake in time", place)
        case .remoteConnectionClosed, .uncleanShutdown:
            let hint = url.hasPrefix("http:") ? " Does the server speak https?" : " Is it being stopped?"
            return "\(url): error: the server closed the connection without an answer.\(hint)"
        default:
            return "\(url): error: the request could not be made (\(error))."
        }
    }

    private static func refused(_ code: CInt, _ place: ServerPlace) -> String? {
        switch code {
        case ECONNREFUSED:
            let found =
                place.isFound
                ? "The server of this data folder is gone: start it again with `troupe serve`."
                : "Is the server running there?"
            return "\(place.url): error: nobody listens there. \(found)"
        case ETIMEDOUT, EHOSTUNREACH, ENETUNREACH:
            return
                "\(place.url): error: the machine cannot be reached. Is the address right, and does a firewall let us through?"
        case ECONNRESET, EPIPE:
            return "\(place.url): error: the server cut the connection. Is it being stopped, or does it speak https?"
        default: return nil
        }
    }

    private static func tls(_ what: String, _ place: ServerPlace) -> String {
        let upper = what.uppercased()
        let text = "\(place.url): error: there is no TLS connection"
        if upper.contains("CERTIFICATE_VERIFY_FAILED") || upper.contains("UNABLETOVALIDATECERTIFICATE") {
            return text
                + (place.ca.map { ": the server's certificate is not signed by one of \($0), or not for this name." }
                    ?? ": the server's certificate is signed by nobody that this machine trusts, or not for this name. "
                    + "Name its authority with --ca FILE.")
        }
        if upper.contains("WRONG_VERSION_NUMBER") || upper.contains("HTTP_REQUEST") {
            return text + ": what answers does not speak TLS. Is it http://?"
        }
        if upper.contains("HOSTNAME") {
            return text + ": the server's certificate is for another name. Use the name that it was made for."
        }
        return text + " (\(what))."
    }
}
