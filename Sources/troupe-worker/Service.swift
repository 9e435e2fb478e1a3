import CProcessGuard
import Glibc
import ScriptAPI
import ScriptProtocol

/// Takes runs from the host and answers them, one after the other, until the host closes the channel.
final class Service {
    private var channel: Channel
    private let runner: ScriptRunner
    /// By number.
    private var programs: [ScriptProgram] = []
    /// What the host sent on while a run waited for an answer, in its order.
    private var waiting: [Channel.Incoming] = []
    /// More than the host ever sends ahead.
    private static let mostWaiting = 256

    init(descriptor: Int32, runner: ScriptRunner, mayWatch: Bool) {
        channel = Channel(descriptor: descriptor, mayWatch: mayWatch)
        self.runner = runner
    }

    func run(_ hello: WorkerHello) {
        guard let frame = try? Frame.hello(hello).encoded(limits: .fromWorker), channel.send(frame) else { return }
        while true {
            switch waiting.isEmpty ? channel.receive() : waiting.removeFirst() {
            case .message(.program(let program, let number)):
                guard take(program, number) else { return }
            case .message(.run(let run)):
                guard channel.send(answer(run)) else { return }
                runner.prepare()
            case .unreadable(let error):
                let failure = ScriptFailure(
                    kind: .protocolViolation,
                    message: "The worker cannot read the request: \(error)."
                )
                guard channel.send(encode(failure)) else { return }
            case .message, .closed:
                return
            }
        }
    }

    private func take(_ program: ScriptProgram, _ number: UInt32) -> Bool {
        if number == 0 { programs = [] }
        guard Int(number) == programs.count, programs.count < ScriptProgram.most else { return false }
        programs.append(program)
        return true
    }

    private func answer(_ run: ProgramRun) -> [UInt8] {
        guard run.program < programs.count else {
            return encode(ScriptFailure(kind: .protocolViolation, message: "The worker was not sent the script."))
        }
        let program = programs[Int(run.program)]
        // The host's deadline comes long before this: it is there for the case that the host cannot enforce one.
        _ = troupe_guard_allow_cpu(UInt64(clamping: run.limits.wallMilliseconds / 1000 + 2))
        switch runner.run(run, of: program, ask: ask) {
        case .success(let result):
            do throws(FrameError) {
                return try Frame.result(result).encoded(limits: .fromWorker)
            } catch {
                return encode(
                    ScriptFailure(
                        kind: error.code == .tooLarge || error.code == .tooManyNodes ? .resultLimit : .badResult,
                        message: "The result cannot be sent: \(error).",
                        file: program.script.name,
                        usage: result.usage,
                        log: result.log
                    )
                )
            }
        case .failure(let failure):
            return encode(failure)
        }
    }

    private func encode(_ failure: ScriptFailure) -> [UInt8] {
        if let frame = try? Frame.failure(failure).encoded(limits: .fromWorker) { return frame }
        // Whatever was too much for a frame is in the log or the transcript.
        let bare = ScriptFailure(
            kind: failure.kind,
            message: String(failure.message.prefix(1000)),
            file: failure.file,
            line: failure.line
        )
        if let frame = try? Frame.failure(bare).encoded(limits: .fromWorker) { return frame }
        // Nothing to say that fits: the host sees the channel close.
        exit(1)
    }

    private func ask(_ call: HostCall) -> HostAnswer {
        let frame: [UInt8]
        do throws(FrameError) {
            frame = try Frame.hostCall(call).encoded(limits: .fromWorker)
        } catch {
            return .failure("the arguments of \(call.name) cannot be sent: \(error)")
        }
        guard channel.send(frame) else { exit(0) }
        while true {
            let incoming = channel.receive()
            switch incoming {
            case .message(.hostAnswer(let answer)): return answer
            case .closed: exit(0)
            case .message, .unreadable:
                // The host has sent further runs already. A frame that cannot be read was one of them: answers are made to be readable.
                waiting.append(incoming)
                guard waiting.count <= Self.mostWaiting else { exit(1) }
            }
        }
    }
}
