extension Frame {
    /// The length of the payload that follows a header.
    ///
    /// - Throws: `cutOff` where these are not four bytes, `tooLarge` where the payload would be.
    package static func payloadLength(
        header: UnsafeRawBufferPointer,
        limits: FrameLimits
    ) throws(FrameError) -> Int {
        guard header.count >= headerBytes else { throw FrameError(.cutOff, at: 0) }
        let length = Int(header.loadUnaligned(as: UInt32.self))
        guard length <= limits.frameBytes else { throw FrameError(.tooLarge, at: 0) }
        return length
    }

    /// The message of a payload: the frame without its length field.
    package init(payload: UnsafeRawBufferPointer, limits: FrameLimits) throws(FrameError) {
        guard payload.count <= limits.frameBytes else { throw FrameError(.tooLarge, at: 0) }
        var reader = FrameReader(payload, limits: limits)
        guard try reader.byte() == Self.version else { throw FrameError(.version, at: 0) }
        guard let kind = Kind(rawValue: try reader.byte()) else { throw FrameError(.unknownValue, at: 1) }
        switch kind {
        case .hello: self = .hello(try reader.hello())
        case .program:
            let number = try reader.number()
            self = .program(try reader.program(), number: number)
        case .run: self = .run(try reader.run())
        case .hostCall:
            let name = try reader.text()
            self = .hostCall(HostCall(name: name, arguments: try reader.value()))
        case .hostAnswer: self = .hostAnswer(try reader.answer())
        case .result: self = .result(try reader.result())
        case .failure: self = .failure(try reader.failure())
        }
        try reader.finish()
    }

    /// The message of a payload: the frame without its length field.
    package init(payload: [UInt8], limits: FrameLimits) throws(FrameError) {
        // `withUnsafeBytes` rethrows an untyped error where a typed one would leave it; the result carries it out.
        let result: Result<Frame, FrameError> = payload.withUnsafeBytes { bytes in
            do throws(FrameError) { return .success(try Frame(payload: bytes, limits: limits)) } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }
}

extension FrameReader {
    fileprivate mutating func hello() throws(FrameError) -> WorkerHello {
        guard let filter = WorkerHello.Filter(rawValue: try byte()) else { throw failure(.unknownValue) }
        return WorkerHello(filter: filter, reason: try text())
    }

    fileprivate mutating func program() throws(FrameError) -> ScriptProgram {
        let script = try source()
        let count = try count(ofAtLeast: 3 * MemoryLayout<UInt32>.size)
        var modules = [String: ScriptSource](minimumCapacity: count)
        var names = KeyOrder()
        for _ in 0..<count {
            try node()
            let name = try key(&names)
            // Two names may differ in bytes and still be one string (é, composed or not).
            guard modules.updateValue(try source(), forKey: name) == nil else { throw failure(.keyOrder) }
        }
        return ScriptProgram(script: script, modules: modules)
    }

    fileprivate mutating func run() throws(FrameError) -> ProgramRun {
        let program = try number()
        guard let mode = ScriptRequest.Mode(rawValue: try byte()) else { throw failure(.unknownValue) }
        let entry = try text()
        let input = try encoded()
        return ProgramRun(program: program, mode: mode, entry: entry, input: input, limits: try limits())
    }

    private mutating func source() throws(FrameError) -> ScriptSource {
        let name = try text()
        return ScriptSource(name: name, bytes: try blob())
    }

    private mutating func limits() throws(FrameError) -> ScriptLimits {
        ScriptLimits(
            instructions: try amount(),
            wallMilliseconds: try amount(),
            memoryBytes: try amount(),
            logBytes: try amount(),
            resultBytes: try amount(),
            sourceBytes: try amount()
        )
    }

    fileprivate mutating func answer() throws(FrameError) -> HostAnswer {
        guard let tag = AnswerTag(rawValue: try byte()) else { throw failure(.unknownValue) }
        return switch tag {
        case .value: .value(try value())
        case .failure: .failure(try text())
        case .blind: .blind(try text())
        }
    }

    fileprivate mutating func result() throws(FrameError) -> ScriptResult {
        let value = try value()
        let transcript = try transcript()
        let log = try log()
        return ScriptResult(value: value, transcript: transcript, log: log, usage: try usage())
    }

    fileprivate mutating func failure() throws(FrameError) -> ScriptFailure {
        guard let kind = ScriptFailure.Kind(rawValue: try byte()) else { throw failure(.unknownValue) }
        var failure = ScriptFailure(kind: kind, message: try text())
        if try flag() { failure.file = try text() }
        if try flag() { failure.line = try count() }
        failure.usage = try usage()
        failure.log = try log()
        failure.transcript = try transcript()
        return failure
    }

    private mutating func usage() throws(FrameError) -> ScriptUsage {
        ScriptUsage(
            instructions: try amount(),
            peakMemoryBytes: try amount(),
            wallMicroseconds: try amount()
        )
    }

    private mutating func log() throws(FrameError) -> [String] {
        let count = try count(ofAtLeast: MemoryLayout<UInt32>.size)
        var lines: [String] = []
        lines.reserveCapacity(count)
        for _ in 0..<count {
            try node()
            lines.append(try text())
        }
        return lines
    }

    private mutating func transcript() throws(FrameError) -> [TranscriptEntry] {
        let count = try count(ofAtLeast: MemoryLayout<UInt32>.size + 1)
        var entries: [TranscriptEntry] = []
        entries.reserveCapacity(count)
        for _ in 0..<count {
            let call = try text()
            entries.append(TranscriptEntry(call: call, answer: try value()))
        }
        return entries
    }
}
