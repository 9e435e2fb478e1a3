extension AgentCommand {
    /// Reads flags, `--name value` or `--name=value`, and where a flag is absent its environment variable.
    ///
    /// Written by hand because swift-argument-parser imports FoundationEssentials on Linux, which linked statically adds more to the agent than
    /// all the agent does.
    package static func parse(
        _ arguments: [String],
        environment: [String: String],
        hostName: String?
    ) throws(UsageError) -> AgentCommand {
        var given: [AgentFlag: [String]] = [:]
        var once = false
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help", "-h": return .help
            case "--version": return .version
            case "--once": once = true
            default:
                let (flag, inlineValue) = try AgentFlag.read(argument)
                guard let value = inlineValue ?? rest.popFirst(), !value.isEmpty else {
                    throw UsageError("\(flag.rawValue) needs a value: \(flag.rawValue) \(flag.placeholder)")
                }
                guard inlineValue != nil || !value.hasPrefix("--") else {
                    throw UsageError("\(flag.rawValue) needs a value, found the flag \(value)")
                }
                guard given[flag] == nil || flag.isRepeatable else {
                    throw UsageError("\(flag.rawValue) is given twice")
                }
                given[flag, default: []].append(value)
            }
        }
        for flag in AgentFlag.allCases where given[flag] == nil {
            guard let value = environment[flag.variable], !value.isEmpty else { continue }
            given[flag] = flag.isRepeatable ? value.split(separator: ",").map(String.init) : [value]
        }
        return .run(try options(given, once: once, environment: environment, hostName: hostName))
    }

    private static func options(
        _ given: [AgentFlag: [String]],
        once: Bool,
        environment: [String: String],
        hostName: String?
    ) throws(UsageError) -> AgentOptions {
        guard let resource = given[.resource]?.first ?? hostName, !resource.isEmpty else {
            throw UsageError("the host has no name to be used as the resource's; give --resource ID")
        }
        var options = AgentOptions(resource: resource)
        options.once = once
        for flag in [AgentFlag.resource, .fleet] {
            if let name = given[flag]?.first ?? (flag == .resource ? resource : nil) { try check(name, of: flag) }
        }
        options.fleet = given[.fleet]?.first
        options.tokenFile = given[.tokenFile]?.first
        options.caFile = given[.caFile]?.first
        if let server = given[.server]?.first { options.server = try address(server, of: .server) }
        for scrape in given[.scrape] ?? [] {
            var target = try address(scrape, of: .scrape)
            if target.path.isEmpty { target.path = "/metrics" }
            options.scrapes.append(target)
        }
        if let text = given[.interval]?.first { options.intervalSeconds = try seconds(text) }
        if let text = given[.spoolSize]?.first { options.spoolBytes = try bytes(text) }
        if let spool = given[.spool]?.first {
            options.spool = spool
        } else if let state = environment["STATE_DIRECTORY"], !state.isEmpty {
            // Set by systemd for a unit with `StateDirectory=`.
            options.spool = state
        }
        guard options.server != nil || once else {
            throw UsageError("no server: give --server URL or set \(AgentFlag.server.variable)")
        }
        return options
    }

    private static func check(_ name: String, of flag: AgentFlag) throws(UsageError) {
        guard name.utf8.count <= 200,
            !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw UsageError("\(flag.rawValue): a name has at most 200 bytes and no control characters")
        }
    }

    private static func address(_ text: String, of flag: AgentFlag) throws(UsageError) -> HTTPAddress {
        do throws(HTTPAddressError) {
            return try HTTPAddress(text)
        } catch {
            throw UsageError("\(flag.rawValue): \(error)")
        }
    }

    private static func seconds(_ text: String) throws(UsageError) -> Int {
        let units = ["s": 1, "m": 60, "h": 3600]
        guard let value = number(text, units), (1...3600).contains(value) else {
            throw UsageError("--interval: “\(text)” is no time from 1s to 1h; write for example 10s or 1m")
        }
        return value
    }

    private static func bytes(_ text: String) throws(UsageError) -> Int {
        let units = [
            "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "KB": 1000, "MB": 1_000_000, "GB": 1_000_000_000, "B": 1,
        ]
        guard let value = number(text, units), (SpoolStorage.leastLimit...(1 << 40)).contains(value) else {
            throw UsageError("--spool-size: “\(text)” is no size from 64KiB to 1024GiB; write for example 64MiB")
        }
        return value
    }

    /// A whole number, with or without one of `units` behind it.
    private static func number(_ text: String, _ units: [String: Int]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits) else { return nil }
        let unit = String(text[digits.endIndex...])
        guard let factor = unit.isEmpty ? 1 : units[unit] else { return nil }
        let (value, overflow) = count.multipliedReportingOverflow(by: factor)
        return overflow ? nil : value
    }
}
