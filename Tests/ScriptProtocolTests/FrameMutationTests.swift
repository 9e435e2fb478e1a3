import ScriptProtocol
import Testing

/// A million frames that are nearly right, in both directions.
struct FrameMutationTests {
    @Test(arguments: [(FrameLimits.fromWorker, UInt64(3)), (FrameLimits.toWorker, UInt64(5))])
    func aMillionChangedFramesAreMessagesOrErrorsNeverTraps(_ limits: FrameLimits, _ seed: UInt64) throws {
        let seeds = try Samples.frames.map { Array(try $0.encoded(limits: limits).dropFirst(Frame.headerBytes)) }
            .filter { $0.count <= 1024 }
        var mutation = FrameMutation(seed: seed, seeds: seeds)
        var payload: [UInt8] = []
        var messages = 0
        var codes: Set<FrameError.Code> = []
        for _ in 0..<520_000 {
            mutation.next(&payload)
            do throws(FrameError) {
                let frame = try Frame(payload: payload, limits: limits)
                messages += 1
                // There is one way to say each message: what was read is what would be said.
                let again = try frame.encoded(limits: limits).dropFirst(Frame.headerBytes)
                if !again.elementsEqual(payload) {
                    Issue.record("\(payload) is read as a message that is said otherwise")
                    return
                }
                // What is passed over is held to the same as what is taken apart.
                if case .run(let run) = frame, try EncodedValue(run.input.decoded, limits: limits) != run.input {
                    Issue.record("\(payload) has an input that is another one when it is taken apart")
                    return
                }
            } catch {
                codes.insert(error.code)
                guard (0...payload.count).contains(error.offset) else {
                    Issue.record("\(error.offset) is no place in \(payload)")
                    return
                }
            }
        }
        // Messages and errors of every kind that a short frame can have are met, or the test tests nothing.
        #expect(messages > 5000)
        let short: Set<FrameError.Code> = [
            .cutOff, .trailingBytes, .version, .unknownValue, .notText, .notFinite, .outOfRange, .keyOrder,
        ]
        #expect(codes.isSuperset(of: short), "\(codes)")
    }
}
