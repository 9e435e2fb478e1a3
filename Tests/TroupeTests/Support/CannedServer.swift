import Foundation
import Synchronization

/// Answers every request with the same bytes, whatever was asked, and remembers what came: for answers that no Troupe gives.
final class CannedServer: Sendable {
    let port: Int
    private let listener: Int32
    private let heads = Mutex<[String]>([])

    struct Failed: Error { let what: String }

    /// - Parameter answer: the whole of it, head and body; empty: the connection is closed without one.
    init(_ answer: String) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { throw Failed(what: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 8) == 0 && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else { throw Failed(what: "listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in serve(answer) }.start()
    }

    var url: String { "http://127.0.0.1:\(port)" }
    /// Heads of the requests that came.
    var requests: [String] { heads.withLock { $0 } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ answer: String) {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            var head: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 64 << 10)
            while !String(decoding: head, as: UTF8.self).contains("\r\n\r\n") {
                let count = read(connection, &buffer, buffer.count)
                guard count > 0 else { break }
                head += buffer[..<count]
                // Who says hello in TLS waits for an answer.
                if head.first == 0x16 { break }
            }
            heads.withLock { $0.append(String(decoding: head, as: UTF8.self)) }
            let bytes = Array(answer.utf8)
            if !bytes.isEmpty { _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
            shutdown(connection, Int32(SHUT_WR))
            // What is unread when it is closed would reset the connection under the answer.
            while read(connection, &buffer, buffer.count) > 0 {}
            close(connection)
        }
        close(listener)
    }

    /// A whole answer.
    static func answer(_ status: String, _ headers: [String] = [], body: String = "") -> String {
        (["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers)
            .joined(separator: "\r\n")
            + "\r\n\r\n" + body
    }
}
