import ScriptProtocol
import TestSupport
import Testing

/// A frame in a worker's hands may say anything: the answer is a typed error or a message, never a trap.
struct HostileFrameTests {
    private let limits = FrameLimits.toWorker

    /// Whether it is a message; a message found must be one that can be sent.
    private func survives(_ payload: [UInt8]) throws -> Bool {
        do throws(FrameError) {
            let frame = try Frame(payload: payload, limits: limits)
            _ = try frame.encoded(limits: limits)
            return true
        } catch {
            #expect(!error.description.isEmpty)
            return false
        }
    }

    private func payloads(upTo size: Int) throws -> [[UInt8]] {
        try Samples.frames.map { Array(try $0.encoded(limits: limits).dropFirst(Frame.headerBytes)) }
            .filter { $0.count <= size }
    }

    @Test func everyTruncationIsRefused() throws {
        for payload in try payloads(upTo: 4096) {
            for length in 0..<payload.count {
                #expect(try !survives(Array(payload[..<length])), "cut to \(length) of \(payload.count)")
            }
        }
    }

    @Test func corruptedBytesNeverTrap() throws {
        var generator = SeededGenerator(seed: 7)
        let payloads = try payloads(upTo: 4096)
        var messages = 0
        for round in 0..<20_000 {
            var payload = payloads[round % payloads.count]
            let index = Int.random(in: 0..<payload.count, using: &generator)
            payload[index] ^= UInt8.random(in: 1...255, using: &generator)
            if try survives(payload) { messages += 1 }
        }
        // Both happen, or the test tests nothing.
        #expect(messages > 1000 && messages < 19_000)
    }

    @Test func severalCorruptionsAndInsertionsNeverTrap() throws {
        var generator = SeededGenerator(seed: 11)
        let payloads = try payloads(upTo: 1024)
        for round in 0..<10_000 {
            var payload = payloads[round % payloads.count]
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 0..<payload.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: payload[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: payload.insert(UInt8.random(in: 0...255, using: &generator), at: index)
                default: if payload.count > 1 { payload.remove(at: index) }
                }
            }
            _ = try survives(payload)
        }
    }

    @Test func noiseNeverTraps() throws {
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<10_000 {
            let noise = (0..<Int.random(in: 0..<200, using: &generator))
                .map { _ in
                    UInt8.random(in: 0...11, using: &generator)
                }
            _ = try survives([1, UInt8.random(in: 1...5, using: &generator)] + noise)
        }
    }
}
