extension Frame {
    /// The frame with its length field.
    ///
    /// - Throws: what the other side would refuse.
    package func encoded(limits: FrameLimits) throws(FrameError) -> [UInt8] {
        var writer = FrameWriter(limits: limits, capacity: sizeHint)
        writer.byte(Self.version)
        switch self {
        case .hello(let hello):
            writer.byte(Kind.hello.rawValue)
            writer.byte(hello.filter.rawValue)
            try writer.text(hello.reason)
        case .program(let program, let number):
            writer.byte(Kind.program.rawValue)
            writer.number(number)
            try writer.program(program)
        case .run(let run):
            writer.byte(Kind.run.rawValue)
            try writer.run(run)
        case .hostCall(let call):
            writer.byte(Kind.hostCall.rawValue)
            try writer.text(call.name)
            try writer.value(call.arguments)
        case .hostAnswer(let answer):
            writer.byte(Kind.hostAnswer.rawValue)
            try writer.answer(answer)
        case .result(let result):
            writer.byte(Kind.result.rawValue)
            try writer.value(result.value)
            try writer.transcript(result.transcript)
            try writer.log(result.log)
            try writer.usage(result.usage)
        case .failure(let failure):
            writer.byte(Kind.failure.rawValue)
            try writer.failure(failure)
        }
        return try writer.finish()
    }

    /// About how long the frame is: spares the buffer its growing, which costs far more than the samples do.
    private var sizeHint: Int {
        switch self {
        case .program(let program, _): 256 + program.weight
        case .run(let run): 256 + run.input.byteCount
        case .hostCall(let call): 256 + call.arguments.sizeHint()
        case .hostAnswer(.value(let value)): 256 + value.sizeHint()
        case .result(let result): 256 + result.value.sizeHint() + 48 * result.transcript.count
        case .hello, .hostAnswer, .failure: 512
        }
    }
}

extension ScriptValue {
    /// - Parameter levels: how deep to look; what lies deeper is short.
    func sizeHint(levels: Int = 4) -> Int {
        guard levels > 0 else { return 16 }
        return switch self {
        case .null, .bool, .integer, .number, .function: 9
        case .string(let text): 5 + text.utf8.count
        case .numbers(let numbers): 5 + numbers.count * MemoryLayout<Double>.stride
        case .list(let items): items.reduce(5) { $0 + $1.sizeHint(levels: levels - 1) }
        case .table(let fields):
            fields.reduce(5) { $0 + 4 + $1.key.utf8.count + $1.value.sizeHint(levels: levels - 1) }
        }
    }
}

extension FrameWriter {
    fileprivate mutating func program(_ program: ScriptProgram) throws(FrameError) {
        try source(program.script)
        try count(program.modules.count)
        let names = program.modules.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names {
            guard let module = program.modules[name] else { continue }
            try node()
            try text(name)
            try source(module)
        }
    }

    fileprivate mutating func run(_ run: ProgramRun) throws(FrameError) {
        number(run.program)
        byte(run.mode.rawValue)
        try text(run.entry)
        try encoded(run.input)
        try limits(run.limits)
    }

    private mutating func source(_ source: ScriptSource) throws(FrameError) {
        try text(source.name)
        try blob(source.bytes)
    }

    private mutating func limits(_ limits: ScriptLimits) throws(FrameError) {
        try amount(limits.instructions)
        try amount(limits.wallMilliseconds)
        try amount(limits.memoryBytes)
        try amount(limits.logBytes)
        try amount(limits.resultBytes)
        try amount(limits.sourceBytes)
    }

    fileprivate mutating func answer(_ answer: HostAnswer) throws(FrameError) {
        switch answer {
        case .value(let value):
            byte(AnswerTag.value.rawValue)
            try self.value(value)
        case .failure(let message):
            byte(AnswerTag.failure.rawValue)
            try text(message)
        case .blind(let message):
            byte(AnswerTag.blind.rawValue)
            try text(message)
        }
    }

    fileprivate mutating func failure(_ failure: ScriptFailure) throws(FrameError) {
        byte(failure.kind.rawValue)
        try text(failure.message)
        flag(failure.file != nil)
        if let file = failure.file { try text(file) }
        flag(failure.line != nil)
        if let line = failure.line { try count(line) }
        try usage(failure.usage)
        try log(failure.log)
        try transcript(failure.transcript)
    }

    fileprivate mutating func usage(_ usage: ScriptUsage) throws(FrameError) {
        try amount(usage.instructions)
        try amount(usage.peakMemoryBytes)
        try amount(usage.wallMicroseconds)
    }

    fileprivate mutating func log(_ lines: [String]) throws(FrameError) {
        try count(lines.count)
        for line in lines {
            try node()
            try text(line)
        }
    }

    fileprivate mutating func transcript(_ entries: [TranscriptEntry]) throws(FrameError) {
        try count(entries.count)
        for entry in entries {
            try text(entry.call)
            try value(entry.answer)
        }
    }
}
