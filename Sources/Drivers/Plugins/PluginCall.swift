import Domain
import Foundation
import ScriptProtocol
import Scripting

/// One call of a function of a plugin: a run in a fresh environment, with a host of its own.
struct PluginCall {
    let plugin: Plugin
    let fleet: String
    let target: [Setting]
    let services: HostServices
    let workers: DriverWorkers
    var faults: (any HostFaults)?

    /// What the function returned.
    struct Answer {
        var first: ScriptValue
        var second: ScriptValue
    }

    /// - Parameter time: for all of it, what it waits for included.
    func make(_ function: PluginFunction, _ request: ScriptValue, within time: Duration) async throws(DriverError)
        -> Answer
    {
        guard plugin.functions.contains(function) else {
            throw DriverError(.refused, driver: plugin.name, "it has no function \(function.rawValue).")
        }
        let host = DriverHost(
            plugin: plugin,
            fleet: fleet,
            target: target,
            function: function,
            services: services,
            deadline: .now + time,
            faults: faults
        )
        let answer = await workers.answer(
            ScriptRequest(
                mode: .drive,
                script: plugin.script,
                entry: function.rawValue,
                input: .record([
                    ("fleet", .string(fleet)), ("folder", .string(host.stateFolder.path)), ("request", request),
                    ("target", targetValue),
                ]),
                limits: .driver
            ),
            calls: host.answer
        )
        switch answer {
        case .success(let result):
            for line in result.log { host.note(line) }
            if let violation = host.violations.first {
                throw broken(violation.rule, "\(function.rawValue): \(violation.what).")
            }
            return try taken(host.redactor.clean(result.value), by: function)
        case .failure(let failure):
            for line in failure.log { host.note(line) }
            throw error(failure, host)
        }
    }

    /// `return value, more`, or `return nil, "why", "refused"`.
    private func taken(_ value: ScriptValue, by function: PluginFunction) throws(DriverError) -> Answer {
        let first = value["first"] ?? .null
        let second = value["second"] ?? .null
        if first == .null, case .string(let why) = second {
            let kind: DriverError.Kind
            switch value["third"] {
            case nil: kind = .unavailable
            case .string(let word)?:
                // What is granted and what is broken is not the script's to say.
                guard let named = DriverError.Kind(rawValue: word), named != .broken, named != .notGranted else {
                    throw broken(
                        .shape,
                        "\(function.rawValue) fails as \"\(word)\"; expected unavailable, refused or not_found."
                    )
                }
                kind = named
            case let other?:
                throw broken(
                    .shape,
                    "\(function.rawValue) fails as \(other.inWords); expected unavailable, refused or not_found."
                )
            }
            throw DriverError(kind, driver: plugin.name, "fleet \(fleet): \(function.rawValue): \(why.clipped)")
        }
        return Answer(first: first, second: second)
    }

    private func error(_ failure: ScriptFailure, _ host: DriverHost) -> DriverError {
        var clean = failure
        clean.message = host.redactor.clean(failure.message).clipped
        let text = "fleet \(fleet): \(host.function.rawValue): \(clean.located)"
        if let violation = host.violations.first {
            return broken(
                violation.rule,
                "\(host.function.rawValue): \(clean.file ?? ""):\(clean.line ?? 0): \(violation.what)."
            )
        }
        switch failure.kind {
        case .raised, .blind:
            // What the script let through is as bad as it was; what it raised itself, it means.
            let isWorlds =
                host.lastFailure.map { $0.kind == .unavailable && clean.message.contains($0.message) } ?? false
            return DriverError(isWorlds ? .unavailable : .refused, driver: plugin.name, text)
        case .unavailable, .quarantined: return DriverError(.unavailable, driver: plugin.name, text)
        case .syntax, .sourceLimit: return DriverError(.refused, driver: plugin.name, text)
        case .instructionLimit, .wallLimit, .memoryLimit, .logLimit, .resultLimit, .badResult, .deadline, .workerDied,
            .protocolViolation:
            return DriverError(.broken, driver: plugin.name, text)
        }
    }

    func broken(_ rule: DriverRule, _ what: String) -> DriverError {
        DriverError(.broken, driver: plugin.name, "fleet \(fleet): it breaks the rule \(rule.rawValue): \(what)")
    }

    /// The target with its types, and the defaults of what is left out.
    private var targetValue: ScriptValue {
        .record(
            plugin.config.map { key in
                let text = target.first { $0.name == key.name }?.value ?? key.fallback
                return (key.name, text.flatMap(key.value))
            }
        )
    }
}

extension String {
    /// As much of a driver's own words as a log line bears.
    var clipped: String { count <= 600 ? self : prefix(600) + "…" }
}
