import Foundation
import Synchronization

/// The server and the app of one agent in a few lines: gives it a plan, takes what it sends, and exposes some metrics.
final class AgentStub: Sendable {
    let port: Int
    private let interval: Int
    private let started = Date()
    private let count = Mutex(0)

    /// Remote-write requests so far.
    var received: Int { count.withLock { $0 } }

    init(interval: Int) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    ? getsockname(listener, address, &size) : -1
            }
        }
        guard status == 0 else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.interval = interval
        let thread = Thread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { continue }
                Thread { [self] in serve(connection) }.start()
            }
        }
        thread.start()
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    /// What a `GET` without keeping the connection answers, head included.
    static func fetch(_ path: String, port: Int) -> Data {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var address = loopback(port)
        let status = withUnsafePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { return Data() }
        send(connection, "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        var answer = Data()
        while let part = receive(connection) { answer += part }
        return answer
    }

    private static func send(_ connection: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    private static func receive(_ connection: Int32) -> Data? {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let got = recv(connection, &bytes, bytes.count, 0)
        return got > 0 ? Data(bytes.prefix(got)) : nil
    }

    // MARK: Requests

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var buffer = Data()
        let end = Data("\r\n\r\n".utf8)
        while true {
            while buffer.range(of: end) == nil {
                guard let part = Self.receive(connection) else { return }
                buffer += part
            }
            guard let split = buffer.range(of: end) else { return }
            let head = String(decoding: buffer[..<split.lowerBound], as: UTF8.self)
            let lengthLine = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            let length = lengthLine.flatMap { Int($0.drop { $0 != ":" }.dropFirst().filter { $0 != " " }) } ?? 0
            buffer = Data(buffer[split.upperBound...])
            while buffer.count < length {
                guard let part = Self.receive(connection) else { return }
                buffer += part
            }
            buffer = Data(buffer[(buffer.startIndex + length)...])
            Self.send(connection, answer(to: head))
        }
    }

    private func answer(to head: String) -> String {
        if head.hasPrefix("POST") {
            count.withLock { $0 += 1 }
            return "HTTP/1.1 204 No Content\r\n\r\n"
        }
        if head.hasPrefix("GET /metrics") { return Self.answer(exposition) }
        if head.lowercased().contains("if-none-match:") {
            sleep(20)
            return "HTTP/1.1 304 Not Modified\r\n\r\n"
        }
        return Self.answer(plan, "ETag: \"1\"\r\n")
    }

    private static func answer(_ body: String, _ headers: String = "") -> String {
        "HTTP/1.1 200 OK\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private var plan: String {
        let system = [
            "cpu_utilization", "memory_utilization", "disk_io_utilization", "disk_utilization",
            "network_receive_bytes_rate", "network_transmit_bytes_rate", "load_average_1m", "load_average_5m",
            "load_average_15m", "cpu_pressure", "memory_pressure", "io_pressure",
        ]
        let kpis =
            system.map { "{\"name\":\"\($0)\",\"source\":\"system\"}" } + [
                #"{"name":"queue_length","source":"scrape","metric":"jobs_waiting"}"#,
                #"{"name":"request_rate","source":"scrape","metric":"http_requests_total","kind":"rate"}"#,
                #"{"name":"request_latency_p99_ms","source":"scrape","metric":"http_request_duration_seconds","#
                    + #""kind":"quantile","quantile":0.99,"scale":1000}"#,
            ]
        return "{\"resource\":\"web-1\",\"fleet\":\"storefront\",\"persona\":\"low-latency\","
            + "\"interval_s\":\(interval),\"kpis\":[\(kpis.joined(separator: ","))]}"
    }

    private var exposition: String {
        let passed = Int(Date().timeIntervalSince(started) * 10)
        var text = "jobs_waiting 7\n"
        for page in 0..<100 {
            text += "http_requests_total{path=\"/page-\(page)\",code=\"200\"} \(passed + page)\n"
            for bound in ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"] {
                text += "http_request_duration_seconds_bucket{path=\"/page-\(page)\",le=\"\(bound)\"} \(passed)\n"
            }
        }
        return text
    }
}
