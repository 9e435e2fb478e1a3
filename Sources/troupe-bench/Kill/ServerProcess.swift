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
                throw Failed(
                    description: "the server ended: " + ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
                )
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
    func kill(after seconds: Double) {
        usleep(UInt32(seconds * 1_000_000))
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
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
