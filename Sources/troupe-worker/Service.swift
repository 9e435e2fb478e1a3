import CProcessGuard
import Glibc
import ScriptAPI
import ScriptProtocol

/// Takes requests from the host and answers them, one after the other, until the host closes the channel.
struct Service {
    private let channel: Channel
    private let runner = ScriptRunner()

    init(descriptor: Int32) { channel = Channel(descriptor: descriptor) }

    func run() {
        while true {
            switch channel.receive() {
            case .message(.request(let request)):
                guard channel.send(answer(request)) else { return }
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

    private func answer(_ request: ScriptRequest) -> [UInt8] {
        // The host's deadline comes long before this: it is there for the case that the host cannot enforce one.
        _ = troupe_guard_allow_cpu(UInt64(clamping: request.limits.wallMilliseconds / 1000 + 2))
        switch runner.run(request, ask: ask) {
        case .success(let result):
            do throws(FrameError) {
                return try Frame.result(result).encoded(limits: .fromWorker)
            } catch {
                return encode(
                    ScriptFailure(
                        kind: error.code == .tooLarge || error.code == .tooManyNodes ? .resultLimit : .badResult,
                        message: "The result cannot be sent: \(error).",
                        file: request.script.name,
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
        switch channel.receive() {
        case .message(.hostAnswer(let answer)): return answer
        case .unreadable(let error): return .failure("the answer to \(call.name) cannot be read: \(error)")
        case .message, .closed: exit(0)
        }
    }
}
