import CProcessGuard
import Domain
import Foundation
import ScriptProtocol
import Scripting

extension DriverHost {
    private var records: ProcessRecords {
        ProcessRecords(folder: services.recordFolder(plugin: plugin.name, fleet: fleet))
    }

    /// `host.process.start{ key =, command =, args =, folder =, env =, log = }` → the process, a text.
    ///
    /// It outlives Troupe. A second start under a key answers with the process of the first, as long as that is alive.
    func startProcess(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let options = try arguments.options("{ key = \"…\", command = \"python3\", args = { … } }")
        let key = try options.required("key")
        let command = try options.required("command")
        let words = try options.texts("args")
        let environment = try Self.environment(options)
        let folder = try options.text("folder")
        let log = try options.text("log")
        try options.end()
        guard ProcessRecords.isKey(key) else {
            throw .misuse("host.process.start: key is \"\(key)\"; expected letters, digits, - _ and ., at most 120")
        }
        try capabilities.check(program: command)
        guard !words.contains(where: { $0.contains("\0") }) else {
            throw .misuse("host.process.start: an argument holds a zero byte")
        }
        let start = ProcessRecords.Start(
            key: key,
            program: try Self.program(command, "host.process.start"),
            arguments: words,
            environment: environment,
            folder: try folder.map { text throws(HostError) in try place(text).path } ?? "/",
            log: try log.map { text throws(HostError) in try place(text).path } ?? "/dev/null"
        )
        let records = records
        return .string(try await services.blocking { records.start(start) }.get().description)
    }

    /// `host.process.alive(process)` → whether it runs.
    func isAlive(_ arguments: HostArguments) throws(HostError) -> ScriptValue {
        .bool(try identity(arguments).isAlive)
    }

    /// `host.process.find(key)` → the process that was started under the key, if it is alive: also where the answer to its start was lost.
    func findProcess(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let key = try arguments.text(0, "the key")
        guard ProcessRecords.isKey(key) else { return .null }
        let records = records
        guard let identity = try await services.blocking({ records.find(key) }).get() else { return .null }
        return .string(identity.description)
    }

    /// `host.process.signal(process, "TERM")` → whether it was there to get it.
    func signal(_ arguments: HostArguments) throws(HostError) -> ScriptValue {
        let identity = try identity(arguments)
        let name = try arguments.text(1, "the signal")
        guard let signal = Self.signals[name] else {
            throw .misuse(
                "host.process.signal: there is no signal \"\(name)\"; known: \(Self.signals.keys.sorted().joined(separator: ", "))"
            )
        }
        guard identity.isAlive else { return .bool(false) }
        guard records.contains(identity) else {
            throw .violation("process \(identity.id) was not started by driver \(plugin.name) for fleet \(fleet)")
        }
        switch identity.signal(signal) {
        case 0: return .bool(true)
        case ESRCH: return .bool(false)
        case let error: throw .unavailable("host.process.signal: \(String(cString: strerror(error)))")
        }
    }

    private static let signals: [String: Int32] = [
        "HUP": SIGHUP, "INT": SIGINT, "KILL": SIGKILL, "QUIT": SIGQUIT, "TERM": SIGTERM, "USR1": SIGUSR1,
        "USR2": SIGUSR2,
        "WINCH": SIGWINCH,
    ]

    private func identity(_ arguments: HostArguments) throws(HostError) -> ProcessIdentity {
        let text = try arguments.text(0, "the process")
        guard let identity = ProcessIdentity(text) else {
            throw .misuse("\(arguments.name): \"\(text)\" is no process; expected what host.process.start answered")
        }
        return identity
    }

    /// `host.tcp.ready(host, port, timeout)` → whether something accepts connections there.
    func isPortReady(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        let host = try arguments.text(0, "the host")
        guard let port = arguments.value(1).asInteger, (1...65535).contains(port) else {
            throw .misuse("host.tcp.ready: the port is \(arguments.value(1).inWords); expected 1 to 65535")
        }
        let seconds = arguments.value(2) == .null ? 1 : arguments.value(2).asNumber ?? -1
        guard seconds > 0, seconds <= 10 else {
            throw .misuse("host.tcp.ready: the timeout is no seconds from 0 to 10")
        }
        try capabilities.check(host: host, port: port)
        let time = try timeLeft(.milliseconds(Int64(seconds * 1000)))
        let milliseconds = Int32(clamping: TimeSpan(time).milliseconds)
        return .bool(await services.blocking { PortCheck.accepts(host, port, milliseconds: max(1, milliseconds)) })
    }
}
