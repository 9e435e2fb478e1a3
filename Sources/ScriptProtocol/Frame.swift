/// A message between host and worker, as one length-prefixed frame.
///
/// All numbers are little-endian:
///
///     frame    length: u32 of the payload, payload
///     payload  version: u8, kind: u8, body
///     text     length: u32, UTF-8
///     value    tag: u8, then by tag: nothing, i64, f64, text, count: u32 and that many values, …
///
/// Equal messages are equal frames. The host treats each frame of a worker as an attack; the worker does the same with the host's, at the
/// cost of nothing, since it is the same decoder.
package enum Frame: Hashable, Sendable {
    /// Worker to host, once, before anything else.
    case hello(WorkerHello)
    /// Host to worker: what runs will call by this number.
    case program(ScriptProgram, number: UInt32)
    /// Host to worker; several may be under way, and are answered in their order.
    case run(ProgramRun)
    /// Worker to host; the worker waits for the answer.
    case hostCall(HostCall)
    /// Host to worker.
    case hostAnswer(HostAnswer)
    /// Worker to host; ends the run.
    case result(ScriptResult)
    /// Worker to host; ends the run.
    case failure(ScriptFailure)

    /// Bytes of the length field before each payload.
    package static let headerBytes = 4

    /// Where the number of the program stands in the frame of a run: it is known last, when it is known which worker gets the run.
    package static let runProgramOffset = headerBytes + 2

    /// Goes up with every change of the layout, so that a worker of another build is recognised.
    static let version: UInt8 = 2

    enum Kind: UInt8 {
        case hello = 0
        case program = 1
        case hostCall = 2
        case hostAnswer = 3
        case result = 4
        case failure = 5
        case run = 6
    }
}

/// The kinds of values, as a frame names them.
enum ValueTag: UInt8 {
    case null = 0
    case no = 1
    case yes = 2
    case integer = 3
    case number = 4
    case string = 5
    case list = 6
    case table = 7
    case numbers = 8
    case function = 9
}

/// How a host's answer is marked.
enum AnswerTag: UInt8 {
    case value = 0
    case failure = 1
    case blind = 2
}

#if _endian(big)
#error("Frames copy samples as they lie in memory, which must be little-endian.")
#endif
