import Foundation
import TestSupport
import Testing

/// A policy that misbehaves while it runs: the backtest goes on, nothing is scaled in on its account, and each decision says why.
@Suite(.inTurn)
struct BadPolicyTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: CommandLineTool.repository.appendingPathComponent("policies").path,
            toPath: folder.file("policies")
        )
        try Data(Demand.csv().utf8).write(to: URL(fileURLWithPath: folder.file("trace.csv")))
    }

    static let bodies: [(name: String, body: String, expected: String)] = [
        ("loops", "if ctx.now.hour == 9 then while true do end end", "loop for ever"),
        ("grows", "if ctx.now.hour == 9 then local s = 'x' while true do s = s .. s end end", "memory"),
        ("raises", "if ctx.now.hour == 9 then error('no idea') end", "no idea"),
        ("rubbish", "if ctx.now.hour == 9 then return 'more' end", "more"),
    ]

    @Test(arguments: bodies.indices)
    func theRunGoesOnAndSaysWhy(_ index: Int) async throws {
        let (name, body, expected) = Self.bodies[index]
        let source = "local policy = { name = \"bad\" }\nfunction policy.propose(ctx)\n  \(body)\nend\nreturn policy\n"
        try Data(source.utf8).write(to: URL(fileURLWithPath: folder.file("policies/scaling/bad.lua")))
        let out = folder.file("out")
        let ended = try await CommandLineTool.run(
            ["backtest", "storefront", "--trace", "trace.csv", "--policy", "bad", "--out", out],
            in: folder.path
        )
        #expect(ended.status == 0, "\(name): \(ended.errors)")
        #expect(ended.output.contains("a policy was blind or failed"), "\(name): \(ended.output)")
        let explained = try await CommandLineTool.run(["explain", out, "2026-03-04T09:00:00"], in: folder.path)
        #expect(explained.output.contains("policies/scaling/bad.lua:"), "\(name): \(explained.output)")
        #expect(explained.output.contains(expected), "\(name): \(explained.output)")
    }
}
