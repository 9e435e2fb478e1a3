import Domain
import Foundation
import ScriptProtocol
import Scripting
import Testing
import Workers

/// Scripts that do not end well while the workspace is loaded: each is reported, and so is everything else.
struct RunawayScriptTests {
    @Test func eachIsReportedAndTheOthersToo() async throws {
        let errors = try await WorkspaceFolder([
            "policies/scaling/loop.lua": "\nwhile true do end",
            "policies/scaling/swallow.lua": "while true do pcall(function() while true do end end) end",
            "policies/scaling/hoard.lua": "local s = \"x\"\nwhile true do s = s .. s end",
            "policies/scaling/syntax.lua":
                "local policy = { name = \"syntax\"\nfunction policy.propose(ctx) end\nreturn policy",
            "policies/scaling/global.lua": "\n\nreturn { name = nmae, propose = os.execute }",
            "policies/scaling/slip.lua": "return { name = \"slop\", propose = function(ctx) end }",
        ])
        .errors()
        try #require(errors.count == 6)
        #expect(errors[0].hasPrefix("policies/scaling/global.lua:3: error: "))
        #expect(errors[1].hasPrefix("policies/scaling/hoard.lua:2: error: "))
        #expect(errors[1].hasSuffix("(does it build a table without end?)"))
        #expect(errors[2].hasPrefix("policies/scaling/loop.lua:2: error: "))
        #expect(errors[2].contains("more than 2000000 instructions, having used 2000000 instructions and "))
        #expect(errors[2].hasSuffix("(does it loop for ever? a script may execute so many instructions and no more)"))
        #expect(errors[3].hasPrefix("policies/scaling/slip.lua:1: error: policy \"slop\" is defined in slip.lua"))
        #expect(errors[4].hasPrefix("policies/scaling/swallow.lua:1: error: "))
        #expect(errors[5].hasPrefix("policies/scaling/syntax.lua:2: error: "))
    }

    @Test(arguments: [
        ("return", "the script returns nil"), ("return \"web\"", "the script returns \"web\""),
        ("return function() end", "the script returns a function"), ("return {}", "the script returns an empty table"),
    ])
    func rubbishIsNamed(source: String, words: String) async throws {
        let errors = try await WorkspaceFolder(["policies/scaling/odd.lua": source]).errors()
        #expect(errors == ["policies/scaling/odd.lua:1: error: \(words); expected a plain table with name and propose"])
    }

    @Test func aTableThatIsNoDataIsNamed() async throws {
        let errors = try await WorkspaceFolder([
            "policies/scaling/round.lua": "local p = { name = \"round\" }\np.me = p\nreturn p"
        ])
        .errors()
        try #require(errors.count == 1)
        #expect(errors[0].hasPrefix("policies/scaling/round.lua"))
    }

    /// One mistake of a module, however many require it.
    @Test func aModulesMistakeIsReportedOnce() async throws {
        let policy = "local m = require(\"lib.m\")\nreturn { name = \"NAME\", propose = function(ctx) end }"
        let errors = try await WorkspaceFolder([
            "policies/lib/m.lua": "local t = nil\nreturn { x = t.y }",
            "policies/scaling/a.lua": policy.replacing("NAME", with: "a"),
            "policies/scaling/b.lua": policy.replacing("NAME", with: "b"),
        ])
        .errors()
        try #require(errors.count == 1)
        #expect(errors[0].hasPrefix("policies/lib/m.lua:2: error: "))
    }

    /// Workers that are killed under every script, as the kernel does where memory is short: each file says so, and nothing half-loads.
    @Test func aKilledWorkerIsTheErrorOfItsFile() async throws {
        let folder = try WorkspaceFolder()
        let worker = folder.url.appending(path: "worker")
        let hello = try Frame.hello(WorkerHello(filter: .installed)).encoded(limits: .fromWorker)
        let octal = hello.map { byte in "\\" + String(Int(byte) + 0o1000, radix: 8).suffix(3) }.joined()
        try folder.write("worker", "#!/bin/sh\nprintf '\(octal)' >&3\n/usr/bin/head -c 4 <&3 >/dev/null\nkill -9 $$\n")
        try #require(chmod(worker.path, 0o700) == 0)
        let pool = try WorkerPool(configuration: WorkerPoolConfiguration(size: 1, executable: worker.path))
        defer { pool.shutdown() }
        let errors = try await folder.errors(workers: pool)
        let words = "error: The worker was killed by signal 9 during the run (it is tried anew next time)"
        #expect(errors == WorkspaceFolder.sound.keys.sorted().map { "\($0): \(words)" })
    }
}
