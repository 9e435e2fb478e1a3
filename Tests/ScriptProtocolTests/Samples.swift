import ScriptProtocol
import TestSupport

/// Messages of every kind, with the values at the edges.
enum Samples {
    static let values: [ScriptValue] = [
        .null, .bool(false), .bool(true),
        .integer(.min), .integer(-1), .integer(0), .integer(.max),
        .number(0), .number(-0.0), .number(.leastNonzeroMagnitude), .number(.greatestFiniteMagnitude),
        .string(""), .string("\0"), .string("Größe 🛒 \u{FFFD}"), .string(String(repeating: "x", count: 70_000)),
        .list([]), .list([.null, .list([.bool(true)])]),
        .table([]),
        .table([.init("", .null), .init("a", .integer(1)), .init("b", .list([])), .init("é", .number(2.5))]),
        .numbers([]), .numbers([1, -0.0, .infinity, -.infinity]),
        .function(line: 0), .function(line: Int(UInt32.max)),
        nested(levels: 24),
    ]

    /// `[[[…]]]`, with a null in the middle.
    static func nested(levels: Int) -> ScriptValue {
        var value = ScriptValue.null
        for _ in 0..<levels { value = .list([value]) }
        return value
    }

    static let usage = ScriptUsage(instructions: .max, peakMemoryBytes: 0, wallMicroseconds: 12)
    static let transcript = [
        TranscriptEntry(call: #"kpi("queue_length"):mean("5m")"#, answer: .number(412.5)),
        TranscriptEntry(call: "", answer: .null),
    ]

    static let requests: [ScriptRequest] = [
        ScriptRequest(mode: .define, script: ScriptSource(name: "", bytes: [])),
        ScriptRequest(
            mode: .call,
            script: ScriptSource(name: "policies/scaling/x.lua", bytes: Array("return {}".utf8) + [0, 255, 128]),
            modules: [
                "lib.peaks": ScriptSource(name: "policies/lib/peaks.lua", bytes: [1, 2, 3]),
                "lib.a": ScriptSource(name: "policies/lib/a.lua", bytes: []),
            ],
            entry: "propose",
            input: .table([.init("now", .integer(1)), .init("series", .numbers([1, 2, 3]))]),
            limits: ScriptLimits(instructions: 0, wallMilliseconds: .max)
        ),
    ]

    static let frames: [Frame] =
        [.hello(WorkerHello(filter: .installed)), .hello(WorkerHello(filter: .refused, reason: "no such call"))]
        + requests.map { .program($0.program, number: 0) }
        + requests.compactMap { try? .run(ProgramRun($0, program: .max)) }
        + values.compactMap { value in
            var request = requests[1]
            request.input = value
            return try? .run(ProgramRun(request, program: 1))
        }
        + values.map { .hostCall(HostCall(name: "series", arguments: $0)) }
        + values.map { .hostAnswer(.value($0)) }
        + [.hostAnswer(.failure("no such series")), .hostAnswer(.blind(""))]
        + values.map { .result(ScriptResult(value: $0, transcript: transcript, log: ["one", ""], usage: usage)) }
        + (0...14).compactMap(ScriptFailure.Kind.init)
        .map { kind in
            .failure(
                ScriptFailure(
                    kind: kind,
                    message: "It failed.",
                    file: kind == .raised ? nil : "x.lua",
                    line: kind == .raised ? nil : 7,
                    usage: usage,
                    log: ["line"],
                    transcript: transcript
                )
            )
        }

    static func random(_ generator: inout SeededGenerator, depth: Int = 0) -> ScriptValue {
        switch Int.random(in: 0..<(depth < 4 ? 9 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(Int64(truncatingIfNeeded: generator.next()))
        case 3: return .number(Double.random(in: -1e9...1e9, using: &generator))
        case 4:
            return .string(
                String(
                    (0..<Int.random(in: 0..<9, using: &generator))
                        .map { _ in "aé🛒".randomElement(using: &generator) ?? "a" }
                )
            )
        case 5: return .numbers((0..<Int.random(in: 0..<9, using: &generator)).map { Double($0) })
        case 6: return .function(line: Int.random(in: 0..<999, using: &generator))
        case 7:
            return .list(
                (0..<Int.random(in: 0..<6, using: &generator)).map { _ in random(&generator, depth: depth + 1) }
            )
        default:
            return .table(
                (0..<Int.random(in: 0..<6, using: &generator))
                    .map {
                        ScriptValue.Field("k\($0)", random(&generator, depth: depth + 1))
                    }
            )
        }
    }
}
