import Foundation

/// Whether something accepts connections at an address. Blocks.
enum PortCheck {
    static func accepts(_ host: String, _ port: Int, milliseconds: Int32) -> Bool {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0 else { return false }
        defer { freeaddrinfo(found) }
        var next = found
        while let address = next {
            if connects(address.pointee, milliseconds) { return true }
            next = address.pointee.ai_next
        }
        return false
    }

    /// A port of this machine that nobody listens at; another may take it before it is used.
    static func free() -> Int? {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard bind(socket, generic, size) == 0, getsockname(socket, generic, &size) == 0 else { return nil }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
    }

    /// As many ports in a row at which nobody listens, somewhere below those that the kernel gives out; two that look at once hardly find
    /// the same.
    static func freeRange(of count: Int) -> ClosedRange<Int> {
        var range = 0...0
        for _ in 0..<50 {
            let low = Int.random(in: 10_000...(32_000 - count))
            range = low...(low + count - 1)
            if !range.contains(where: { accepts("127.0.0.1", $0, milliseconds: 100) }) { break }
        }
        return range
    }

    private static func connects(_ address: addrinfo, _ milliseconds: Int32) -> Bool {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = socket(address.ai_family, type, address.ai_protocol)
        guard socket >= 0 else { return false }
        defer { close(socket) }
        if connect(socket, address.ai_addr, address.ai_addrlen) == 0 { return true }
        guard errno == EINPROGRESS else { return false }
        var request = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
        guard poll(&request, 1, milliseconds) == 1 else { return false }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0
    }
}
