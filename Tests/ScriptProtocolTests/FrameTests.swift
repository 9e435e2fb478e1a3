import ScriptProtocol
import TestSupport
import Testing

private let limits = FrameLimits.toWorker

private func decode(_ frame: [UInt8], limits: FrameLimits = limits) throws(FrameError) -> Frame {
    try Frame(payload: Array(frame.dropFirst(Frame.headerBytes)), limits: limits)
}

private func error(_ body: () throws -> Void) -> FrameError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? FrameError)?.code
    }
}

private func call(_ value: ScriptValue) -> Frame { .hostCall(HostCall(name: "", arguments: value)) }

struct FrameTests {
    @Test func everyMessageComesBack() throws {
        for (index, message) in Samples.frames.enumerated() {
            let frame = try message.encoded(limits: limits)
            let length = try frame.withUnsafeBytes { try Frame.payloadLength(header: $0, limits: limits) }
            #expect(length == frame.count - Frame.headerBytes)
            let decoded = try decode(frame)
            // Not in the expectation itself: it would print a megabyte.
            let same = decoded == message
            #expect(same, "sample \(index)")
            #expect(try decoded.encoded(limits: limits) == frame, "sample \(index)")
        }
    }

    @Test func randomValuesComeBack() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let message = call(Samples.random(&generator))
            #expect(try decode(message.encoded(limits: limits)) == message)
        }
    }

    @Test func samplesKeepTheirBits() throws {
        let quiet = Double(bitPattern: 0x7ff8_dead_beef_0001)
        let frame = try call(.numbers([.nan, quiet, -0.0])).encoded(limits: limits)
        guard case .hostCall(let call) = try decode(frame), case .numbers(let numbers) = call.arguments else {
            Issue.record("not the call that was sent")
            return
        }
        #expect(numbers.map(\.bitPattern) == [Double.nan.bitPattern, quiet.bitPattern, Double(-0.0).bitPattern])
    }

    @Test func equalTablesAreEqualFrames() throws {
        let sorted = call(.table([.init("B", .null), .init("a", .bool(true)), .init("b", .integer(1))]))
        let shuffled = call(.table([.init("b", .integer(1)), .init("B", .null), .init("a", .bool(true))]))
        #expect(try sorted.encoded(limits: limits) == shuffled.encoded(limits: limits))
    }

    @Test func whatTheOtherSideWouldRefuseIsNotSent() {
        #expect(error { _ = try call(.number(.nan)).encoded(limits: limits) } == .notFinite)
        #expect(error { _ = try call(.number(.infinity)).encoded(limits: limits) } == .notFinite)
        #expect(error { _ = try call(Samples.nested(levels: 25)).encoded(limits: limits) } == .tooDeep)
        #expect(error { _ = try call(Samples.nested(levels: 5000)).encoded(limits: limits) } == .tooDeep)
        #expect(
            error { _ = try call(.table([.init("a", .null), .init("a", .null)])).encoded(limits: limits) } == .keyOrder
        )
        #expect(error { _ = try call(.function(line: -1)).encoded(limits: limits) } == .outOfRange)
        #expect(
            error {
                var request = Samples.requests[0]
                request.limits.memoryBytes = -1
                _ = try Frame.run(ProgramRun(request, program: 0)).encoded(limits: limits)
            } == .outOfRange
        )
    }

    @Test func limitsHoldOnBothSides() throws {
        let list = call(.list([ScriptValue](repeating: .null, count: 100)))
        let frame = try list.encoded(limits: limits)
        let few = FrameLimits(frameBytes: 1000, depth: 24, nodes: 100)
        #expect(error { _ = try list.encoded(limits: few) } == .tooManyNodes)
        #expect(error { _ = try decode(frame, limits: few) } == .tooManyNodes)
        let short = FrameLimits(frameBytes: 50, depth: 24, nodes: 1000)
        #expect(error { _ = try list.encoded(limits: short) } == .tooLarge)
        #expect(error { _ = try decode(frame, limits: short) } == .tooLarge)
        #expect(error { _ = try call(.numbers([Double](repeating: 0, count: 99))).encoded(limits: short) } == .tooLarge)
        let flat = FrameLimits(frameBytes: 1000, depth: 3, nodes: 1000)
        let deep = try call(Samples.nested(levels: 4)).encoded(limits: limits)
        #expect(error { _ = try decode(deep, limits: flat) } == .tooDeep)
    }

    @Test func eachOddityHasItsName() throws {
        let frame = try call(.string("ab")).encoded(limits: limits)
        let payload = Array(frame.dropFirst(4))
        func altered(_ index: Int, _ byte: UInt8) -> FrameError.Code? {
            var bytes = payload
            bytes[index] = byte
            return error { _ = try Frame(payload: bytes, limits: limits) }
        }
        #expect(error { _ = try Frame(payload: [], limits: limits) } == .cutOff)
        #expect(altered(0, 9) == .version)
        #expect(altered(1, 99) == .unknownValue)
        #expect(altered(6, 77) == .unknownValue)
        #expect(altered(payload.count - 1, 0xff) == .notText)
        #expect(error { _ = try Frame(payload: payload + [0], limits: limits) } == .trailingBytes)
        #expect(
            error {
                _ = try [UInt8]([1, 0, 0]).withUnsafeBytes { try Frame.payloadLength(header: $0, limits: limits) }
            } != nil
        )
        let huge: [UInt8] = [255, 255, 255, 255]
        #expect(
            error { _ = try huge.withUnsafeBytes { try Frame.payloadLength(header: $0, limits: limits) } } == .tooLarge
        )
    }

    @Test func countsThatTheFrameCannotHoldAllocateNothing() throws {
        // list, 2³²−1 items, and none of them there
        let payload: [UInt8] = [2, 2, 0, 0, 0, 0, 6, 255, 255, 255, 255]
        #expect(error { _ = try Frame(payload: payload, limits: limits) } == .cutOff)
        for tag in [UInt8(5), 7, 8] {
            var other = payload
            other[6] = tag
            #expect(error { _ = try Frame(payload: other, limits: limits) } == .cutOff)
        }
    }

    @Test func theNumberOfAProgramStandsWhereItIsFilledIn() throws {
        var bytes = try Frame.run(ProgramRun(Samples.requests[1], program: 0)).encoded(limits: limits)
        for i in 0..<4 { bytes[Frame.runProgramOffset + i] = UInt8(i + 1) }
        #expect(try decode(bytes) == .run(ProgramRun(Samples.requests[1], program: 0x0403_0201)))
    }

    @Test func sourcesAreEqualByTheirBytesHoweverTheyCameAbout() {
        var one = ScriptSource(name: "a", bytes: [1])
        let two = ScriptSource(name: "a", bytes: [1, 2])
        #expect(one != two)
        one.bytes.append(2)
        #expect(one == two && one.hashValue == two.hashValue)
        one.name = "b"
        #expect(one != two)
    }
}
