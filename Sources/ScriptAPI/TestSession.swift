import ScriptProtocol

/// What the `t` of a policy test can do. Decisions and simulations are the host's; only the drawing of loads and the wording of a
/// failed check are done here.
final class TestSession {
    private let ask: AskHost
    private var random: SplitMix

    init(seed: UInt64, ask: @escaping AskHost) {
        self.ask = ask
        random = SplitMix(seed: seed)
    }

    /// `t.decide { … }`, `t.simulate { … }`: the host checks what is given and answers with a table, or says what is wrong with it.
    func run(_ name: String, _ values: [ScriptValue]) throws(APIError) -> ScriptValue {
        let arguments = Arguments("t.\(name)", values)
        guard case .table = arguments[0] else {
            throw arguments.mismatch(0, named: "its argument", expected: "a table such as { fleet = \"storefront\" }")
        }
        try arguments.atMost(1)
        return try ask(HostCall(name: name, arguments: arguments[0]))
    }

    /// `t.any_load()`, `t.any_load { level = 200 }`: a load drawn from the case's seed; what is given stays as given.
    func anyLoad(_ values: [ScriptValue]) throws(APIError) -> ScriptValue {
        let arguments = Arguments("t.any_load", values)
        try arguments.atMost(1)
        var fields: [(String, ScriptValue)] = [
            ("level", .number((random.uniform(in: 1...4) * random.uniform(in: 10...250)).rounded())),
            ("daily", .number(hundredths(0...0.9))),
            ("weekly", .number(hundredths(0...0.5))),
            ("growth", .number(hundredths(-0.05...0.1))),
            ("noise", .number(hundredths(0...0.3))),
            ("seed", .integer(Int64(random.next() >> 12))),
        ]
        if random.uniform(in: 0...1) < 0.5 {
            fields.append(
                (
                    "spike",
                    .sortedTable([
                        ("at", .string("\(Int(random.uniform(in: 10...300)))m")),
                        ("factor", .number(hundredths(1.5...8))),
                        ("lasts", .string("\(Int(random.uniform(in: 2...60)))m")),
                    ])
                )
            )
        }
        if random.uniform(in: 0...1) < 0.3 {
            fields.append(
                (
                    "outage",
                    .sortedTable([
                        ("at", .string("\(Int(random.uniform(in: 10...300)))m")),
                        ("lasts", .string("\(Int(random.uniform(in: 1...45)))m")),
                    ])
                )
            )
        }
        switch arguments[0] {
        case .null, .list([]): break
        case .table(let given):
            fields.removeAll { field in given.contains { $0.key == field.0 } }
            fields += given.map { ($0.key, $0.value) }
        default:
            throw arguments.mismatch(0, named: "its argument", expected: "a table such as { level = 200 }, or nothing")
        }
        return .sortedTable(fields)
    }

    private func hundredths(_ range: ClosedRange<Double>) -> Double {
        (random.uniform(in: range) * 100).rounded() / 100
    }

    static func fail(_ values: [ScriptValue]) -> APIError {
        .wrong("check failed" + (values.first?.string.map { ": \($0)" } ?? ""))
    }

    static func differ(_ values: [ScriptValue]) -> APIError {
        let arguments = Arguments("t.equal", values)
        let why = arguments[2].string.map { "\($0): " } ?? ""
        return .wrong("\(why)expected \(Text.value(arguments[1])), got \(Text.value(arguments[0]))")
    }
}

/// Sebastiano Vigna's splitmix64: a stream of numbers from a seed, the same everywhere.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func uniform(in range: ClosedRange<Double>) -> Double {
        let unit = Double(next() >> 11) * 0x1p-53
        return range.lowerBound + unit * (range.upperBound - range.lowerBound)
    }
}
