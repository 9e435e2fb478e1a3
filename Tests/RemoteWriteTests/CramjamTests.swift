import Foundation
import RemoteWrite
import TestSupport
import Testing

/// Compares the codec with Google's algorithm, where Python has the package cramjam.
struct CramjamTests {
    @Test(.enabled("needs python3 with the package cramjam") { await python("import cramjam", input: []) != nil })
    func eachReadsWhatTheOtherWrites() async throws {
        var random = SeededGenerator(seed: 11)
        for length in [1, 100, 70_000, 300_000] {
            var plain: [UInt8] = []
            while plain.count < length {
                let word = (0..<Int.random(in: 1...40, using: &random))
                    .map { _ in UInt8.random(in: 0...255, using: &random) }
                for _ in 0..<Int.random(in: 1...5, using: &random) { plain.append(contentsOf: word) }
            }
            let theirs = await Self.python(
                """
                import sys, cramjam
                sys.stdout.buffer.write(bytes(cramjam.snappy.compress_raw(sys.stdin.buffer.read())))
                """,
                input: plain
            )
            #expect(try Snappy.decode(#require(theirs), limit: plain.count) == plain)
            let back = await Self.python(
                """
                import sys, cramjam
                sys.stdout.buffer.write(bytes(cramjam.snappy.decompress_raw(sys.stdin.buffer.read())))
                """,
                input: Snappy.encode(plain)
            )
            #expect(back == plain)
        }
    }

    /// What a script writes; nil where it fails.
    private static func python(_ script: String, input: [UInt8]) async -> [UInt8]? {
        let ended = try? await ChildProcess.run("python3", ["-c", script], input: input)
        return ended?.status == 0 ? ended?.bytes : nil
    }
}
