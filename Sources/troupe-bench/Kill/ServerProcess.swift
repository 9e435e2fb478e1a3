import Foundation

/// A running `troupe serve` over a folder, on whichever port is free.
final class ServerProcess: Sendable {
    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    let data: String
    private let process: Process
    private let log: String
    private let begun = ContinuousClock.now

    init(_ executable: String?, workspace: String, data: String) throws {
        let path = try executable ?? Self.besides("troupe")
        self.data = data
        log = data + ".log"
        // What a killed server left: it names a port that nobody listens on.
        try? FileManager.default.removeItem(atPath: data + "/address")
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["serve", workspace, "--data", data, "--port", "0", "--log-level", "warning"]
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    private static func besides(_ name: String) throws -> String {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw Failed(description: "there is no \(path): build it, or name it with --troupe")
        }
        return path
    }

    /// Bytes of a file, 0 where there is none.
    static func size(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
    }

    /// nil as long as it does not say where it listens.
    var port: Int? {
        FileManager.default.contents(atPath: data + "/address")
            .map { String(decoding: $0, as: UTF8.self) }
            .flatMap { $0.split(separator: ":").last }
            .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    func token() throws -> String {
        try String(contentsOfFile: data + "/admin-token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Seconds from its start until `/readyz` said yes.
    func waitUntilReady() throws -> Double {
        while ContinuousClock.now - begun < .seconds(60) {
            guard process.isRunning else {
                throw Failed(description: "the server ended: " + words)
            }
            if let port, let answer = try? PlainHTTP(port: port, timeout: 5).send("GET", "/readyz"),
                answer.status == 200
            {
                return Double((ContinuousClock.now - begun) / .milliseconds(1)) / 1000
            }
            usleep(2000)
        }
        throw Failed(description: "the server is not ready after a minute")
    }

    /// Waits, kills, and waits for the end.
    ///
    /// - Returns: the workers that it had at that moment.
    @discardableResult
    func kill(after seconds: Double) -> [Int32] {
        usleep(UInt32(seconds * 1_000_000))
        let workers = ProcessTable.children(of: process.processIdentifier)
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return workers
    }

    /// It ended because it was killed, not by a fault of its own.
    var wasKilled: Bool { process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL }

    /// What it wrote on standard error.
    var words: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// What it answers, as JSON, to one who may see everything.
    func get(_ path: String) throws -> [String: Any] {
        guard let port else { throw Failed(description: "the server does not say where it listens") }
        let answer = try PlainHTTP(port: port)
            .send("GET", path, headers: [("Authorization", "Bearer \(try token())")])
        guard answer.status == 200, let json = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
        else {
            throw Failed(description: "\(path): \(answer.status) \(String(decoding: answer.body, as: UTF8.self))")
        }
        return json
    }

    /// Runs another command of the same executable to its end.
    static func run(_ executable: String?, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try executable ?? besides("troupe"))
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(
                description: "troupe \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)"
            )
        }
    }

    /// Asks it to end, which it does with 0.
    func stop() throws {
        process.terminate()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw Failed(description: "stopped, the server ended with \(process.terminationStatus)")
        }
    }
}
