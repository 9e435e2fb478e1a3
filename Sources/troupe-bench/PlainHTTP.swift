import Foundation

/// One connection to a server on this machine: a request, then its answer, over and over. Every call blocks.
///
/// As plain as can be, so that whoever measures or kills the server knows what was sent and what was answered.
final class PlainHTTP {
    struct Answer {
        var status: Int
        var body: Data
    }

    struct Broken: Error, CustomStringConvertible {
        var description: String
    }

    private let descriptor: Int32
    private var unread = Data()

    init(port: Int, timeout seconds: Int = 60) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Broken(description: "no socket: \(String(cString: strerror(errno)))") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(clamping: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw Broken(description: "port \(port): \(String(cString: strerror(code)))")
        }
    }

    deinit {
        close(descriptor)
    }

    func send(_ method: String, _ path: String, headers: [(String, String)] = [], body: [UInt8] = []) throws -> Answer {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        try write(Array((head + "\r\n").utf8) + body)
        return try answer()
    }

    private func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            // No SIGPIPE: a server that was killed is an error like any other.
            let count = bytes[sent...]
                .withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
            guard count > 0 else { throw Broken(description: "sending: \(String(cString: strerror(errno)))") }
            sent += count
        }
    }

    private func answer() throws -> Answer {
        let gap = Data("\r\n\r\n".utf8)
        while unread.range(of: gap) == nil { try more() }
        guard let end = unread.range(of: gap) else { throw Broken(description: "no head") }
        let lines = String(decoding: unread[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        unread.removeSubrange(..<end.upperBound)
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status else { throw Broken(description: "not an answer: \(lines[0])") }
        let length =
            lines.dropFirst()
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces)) } ?? 0
        while unread.count < length { try more() }
        let body = Data(unread.prefix(length))
        unread = Data(unread.dropFirst(length))
        return Answer(status: status, body: body)
    }

    private func more() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { throw Broken(description: "the connection ended") }
        unread.append(contentsOf: buffer[..<count])
    }
}
