import Foundation

/// A socket to a server of this machine: sends bytes as they are, and returns what comes back.
///
/// Its calls block a thread of their own, not those of the tasks, on which the server under test runs.
final class RawConnection: Sendable {
    struct Broken: Error {
        var what: String
    }

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(clamping: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Broken(what: String(cString: strerror(errno))) }
        // A test that waits for what never comes fails, rather than hangs.
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        let count = bytes.withUnsafeBytes {
            Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count == bytes.count else { throw Broken(what: "sent \(count) of \(bytes.count) bytes") }
    }

    /// What has come once it holds `mark` so many times.
    func receive(until mark: String, times: Int = 1) async throws -> String {
        try await receiving { text in text.components(separatedBy: mark).count > times }
    }

    /// All that comes until the server ends the connection.
    func receiveAll() async throws -> String {
        try await receiving { _ in false }
    }

    private func receiving(_ isEnough: @escaping @Sendable (String) -> Bool) async throws -> String {
        try await withCheckedThrowingContinuation { done in
            Thread { [self] in
                var all: [UInt8] = []
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while !isEnough(String(decoding: all, as: UTF8.self)) {
                    let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
                    if count == 0 { break }
                    guard count > 0 else {
                        let what = String(cString: strerror(errno))
                        return done.resume(
                            throwing: Broken(what: "\(what) after: \(String(decoding: all, as: UTF8.self))")
                        )
                    }
                    all += buffer[..<count]
                }
                done.resume(returning: String(decoding: all, as: UTF8.self))
            }
            .start()
        }
    }
}
