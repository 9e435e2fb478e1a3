import Domain
import Foundation
package import ScriptProtocol
import Scripting

/// The `host` of one call of a driver's function: answers what the script asks, within its capabilities and until its deadline.
///
/// Used by the one task that makes the call.
final class DriverHost {
    let plugin: Plugin
    let fleet: String
    let function: PluginFunction
    let services: HostServices
    let capabilities: Capabilities
    let deadline: ContinuousClock.Instant
    private let faults: (any HostFaults)?

    /// Secrets that the call has read.
    private(set) var redactor = Redactor()
    /// The last thing that failed: what the call fails with, if the script lets it.
    private(set) var lastFailure: HostError?
    /// What it reached for and may not, be it that the script took no notice.
    private(set) var violations: [(rule: DriverRule, what: String)] = []
    private var calls = 0
    private var lines = 0
    private var slept = Duration.zero

    /// Whether nothing may be changed.
    private var isInert: Bool { function == .precheck }

    static let mostCalls = 5000
    static let mostLines = 200
    static let longestLine = 2000

    init(
        plugin: Plugin,
        fleet: String,
        target: [Setting],
        function: PluginFunction,
        services: HostServices,
        deadline: ContinuousClock.Instant,
        faults: (any HostFaults)? = nil
    ) {
        self.plugin = plugin
        self.fleet = fleet
        self.function = function
        self.services = services
        capabilities = Capabilities(plugin: plugin, target: target)
        self.deadline = deadline
        self.faults = faults
    }

    var stateFolder: URL { services.stateFolder(plugin: plugin.name, fleet: fleet) }

    /// Time that a call may take at most, of what it asks for.
    func timeLeft(_ wanted: Duration) throws(HostError) -> Duration {
        let left = deadline - .now
        guard left > .zero else { throw .unavailable("the time of \(function.rawValue) is over") }
        return min(left, wanted)
    }

    func answer(_ call: HostCall) async -> HostAnswer {
        do throws(HostError) {
            calls += 1
            guard calls <= Self.mostCalls else {
                throw .misuse("one call of a driver may ask the host \(Self.mostCalls) times")
            }
            _ = try timeLeft(.zero)
            if Self.changing.contains(call.name), isInert {
                throw .effect("host.\(call.name) changes something, and \(function.rawValue) must not")
            }
            guard let faults, Self.outside.contains(call.name) else { return .value(try await carryOut(call)) }
            if let fault = await faults.before(call) { throw .unavailable("host.\(call.name): \(fault)") }
            let value = try await carryOut(call)
            if let fault = await faults.after(call) { throw .unavailable("host.\(call.name): \(fault)") }
            return .value(value)
        } catch {
            let clean = HostError(error.kind, redactor.clean(error.message))
            lastFailure = clean
            switch clean.kind {
            case .violation: violations.append((.capabilitiesHold, clean.message))
            case .effect: violations.append((.inertPrecheck, clean.message))
            case .unavailable, .misuse: break
            }
            return .failure(clean.message)
        }
    }

    /// Calls that change the world, or may.
    private static let changing: Set = ["exec", "process.start", "process.signal", "file.write", "file.remove"]
    /// Calls that leave this process, and so may fail.
    private static let outside: Set = [
        "http", "exec", "process.start", "process.signal", "file.write", "file.remove", "file.read", "file.tail",
        "file.list",
    ]

    private func carryOut(_ call: HostCall) async throws(HostError) -> ScriptValue {
        let arguments = HostArguments(call)
        switch call.name {
        case "http": return try await http(arguments, isInert: isInert)
        case "exec": return try await exec(arguments)
        case "process.start": return try await startProcess(arguments)
        case "process.alive": return try isAlive(arguments)
        case "process.find": return try await findProcess(arguments)
        case "process.signal": return try signal(arguments)
        case "file.read": return try await readFile(arguments)
        case "file.tail": return try await tailOfFile(arguments)
        case "file.write": return try await writeFile(arguments)
        case "file.remove": return try await removeFile(arguments)
        case "file.list": return try await listFiles(arguments)
        case "tcp.ready": return try await isPortReady(arguments)
        case "secret": return try secret(arguments)
        case "json.encode": return .string(try HostJSON.encode(arguments.value(0)))
        case "json.decode":
            let text = try arguments.text(0, "its argument")
            guard let value = HostJSON.decode(text) else {
                throw .misuse(
                    "host.json.decode: this is no JSON of at most \(HostJSON.mostBytes >> 20) MiB: \(redactor.clean(text).prefix(80))"
                )
            }
            return value
        case "time.parse", "time.format", "url.encode", "url.decode": return try convert(call.name, arguments)
        case "base64.encode", "base64.decode", "sha256", "hmac_sha256": return try digest(call.name, arguments)
        case "log": return try log(arguments)
        case "sleep": return try await sleep(arguments)
        case "now": return .number(Double(services.now().milliseconds) / 1000)
        default: throw .misuse("there is no host.\(call.name)")
        }
    }

    // MARK: Small ones

    private func secret(_ arguments: HostArguments) throws(HostError) -> ScriptValue {
        let name = try arguments.text(0, "the name")
        try capabilities.check(secret: name)
        let secret = try services.secrets.read(name)
        redactor.add(secret, named: name)
        return .string(secret)
    }

    private func log(_ arguments: HostArguments) throws(HostError) -> ScriptValue {
        note(
            arguments.values.map { if case .string(let text) = $0 { text } else { $0.inWords } }.joined(separator: " ")
        )
        return .null
    }

    /// A line of the driver's log.
    func note(_ text: String) {
        lines += 1
        guard lines <= Self.mostLines else { return }
        // Cut after it is clean: half a secret would not be found.
        let text = String(redactor.clean(text).prefix(Self.longestLine))
        services.log(PluginLogLine(plugin: plugin.name, fleet: fleet, function: function.rawValue, text: text))
    }

    private func sleep(_ arguments: HostArguments) async throws(HostError) -> ScriptValue {
        guard let seconds = arguments.value(0).asNumber, seconds >= 0, seconds <= 10 else {
            throw .misuse("host.sleep is given \(arguments.value(0).inWords); expected seconds, at most 10")
        }
        let wanted = Duration.milliseconds(Int64(seconds * 1000))
        slept += wanted
        guard slept <= .seconds(30) else { throw .misuse("host.sleep: one call of a driver may sleep 30 s in all") }
        do {
            try await Task.sleep(for: try timeLeft(wanted))
        } catch let error as HostError {
            throw error
        } catch {
            throw .unavailable("the call was cancelled")
        }
        return .null
    }
}

/// Lets calls of the host fail: how a test or the conformance suite breaks the world around a driver.
package protocol HostFaults: Sendable {
    /// Fails a call that was not made.
    ///
    /// - Returns: what failed; nil lets it pass.
    func before(_ call: HostCall) async -> String?
    /// Fails a call that was made: the answer is lost.
    func after(_ call: HostCall) async -> String?
}
