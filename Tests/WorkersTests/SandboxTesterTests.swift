import Foundation
import SandboxTesting
import ScriptProtocol
import TestSupport
import Testing

/// What the corpus and its files are read from, and what is wrong with them.
@Suite(.inTurn)
struct SandboxCorpusTests {
    private func corpus(_ index: String?, files: [String: String] = [:]) throws -> SandboxCorpus {
        let folder = try TemporaryFolder()
        if let index { try Data(index.utf8).write(to: URL(fileURLWithPath: folder.file("INDEX.tsv"))) }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name))) }
        return try SandboxCorpus(folder: folder.path)
    }

    private func error(_ index: String?, files: [String: String] = [:]) -> String {
        do {
            _ = try corpus(index, files: files)
            return "none"
        } catch { return "\(error)" }
    }

    @Test func anIndexListsItsScripts() throws {
        let corpus = try corpus(
            "file\texpected\tdescription\na.lua\tlimit\tx\n\nb.lua\terror\r\n",
            files: ["a.lua": "while true do end", "b.lua": "error('x')"]
        )
        #expect(corpus.scripts.map(\.name) == ["a.lua", "b.lua"])
        #expect(corpus.scripts.map(\.expectation) == [.limit, .error])
        #expect(corpus.scripts[1].bytes == Array("error('x')".utf8))
    }

    @Test func whatIsWrongWithAnIndexIsSaidWithItsLine() {
        let files = ["a.lua": "return 1"]
        #expect(error(nil).hasSuffix("INDEX.tsv: it lists the scripts and how each has to end"))
        #expect(error("").hasSuffix("INDEX.tsv lists no scripts"))
        #expect(error("file\texpected\n\n").hasSuffix("lists no scripts"))
        #expect(error("a.lua limit\n", files: files).contains("INDEX.tsv:1: expected file, ending and description"))
        #expect(
            error("\na.lua\tboom\tx\n", files: files)
                .hasSuffix("INDEX.tsv:2: \"boom\" is no ending; known: limit, error, contained")
        )
        #expect(error("a.lua\tlimit\nb.lua\tlimit\n", files: files).contains("INDEX.tsv:2: there is no file"))
        #expect(error("a.lua\tlimit\na.lua\tlimit\n", files: files).hasSuffix("INDEX.tsv:2: a.lua is listed twice"))
        #expect(error("../a.lua\tlimit\n", files: files).contains("is no name of a file in this folder"))
        #expect(error("..\tlimit\n").contains("is no name of a file in this folder"))
        #expect(throws: SandboxTestError.self) { try SandboxCorpus(folder: "/nowhere/at/all") }
    }

    @Test func filesThatAreNoScriptsAreRefused() throws {
        let folder = try TemporaryFolder()
        func write(_ name: String, _ bytes: [UInt8]) throws -> String {
            try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
            return folder.file(name)
        }
        func said(_ path: String) -> String {
            do throws(SandboxTestError) {
                try SandboxScript(file: path).requireText()
                return "fine"
            } catch { return error.description }
        }
        #expect(said(folder.file("none.lua")) == "there is no file \(folder.file("none.lua"))")
        #expect(said(folder.path).contains("is a folder"))
        #expect(said("/dev/zero") == "/dev/zero is no regular file")
        #expect(said(try write("elf", [0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])).contains("is a binary file"))
        #expect(said(try write("compiled", [0x1b, 0x4c, 0x75, 0x61, 0x54])).contains("is compiled Lua"))
        #expect(said(try write("empty.lua", [])) == "fine")
        // A zero in a text that is otherwise one is the sandbox's to judge.
        #expect(said(try write("zero.lua", Array("return 'a\0b' -- a text".utf8))) == "fine")
        #expect(said(try write("strange.lua", Array("return '\u{fffd}é'".utf8) + [0xff])) == "fine")
    }
}

extension WorkerTests {
    struct SandboxTesterTests {
        private func outcome(_ lua: String, _ expectation: SandboxExpectation? = nil) async throws -> SandboxOutcome {
            let script = SandboxScript(name: "x.lua", bytes: Array(lua.utf8), expectation: expectation)
            return try #require(try await SandboxTester().run([script]).outcomes.first)
        }

        @Test func aPolicyIsLoadedAndCalledAsPoliciesAre() async throws {
            let policy = """
                local policy = { name = "x" }
                function policy.propose(ctx) return hold("mean is " .. ctx.kpi("queue_length"):mean("5m")) end
                return policy
                """
            let outcome = try await outcome(policy)
            #expect(outcome.held)
            #expect(outcome.runs.map(\.name).contains("propose"))
            #expect(outcome.runs.allSatisfy { $0.ending.isNormal }, "\(outcome.runs)")
        }

        @Test func whatEndsOtherwiseThanExpectedIsAFault() async throws {
            let fine = try await outcome("return 1", .limit)
            #expect(!fine.held && fine.faults.first?.contains("was to end as limit") == true)
            #expect(try await outcome("while true do end", .limit).held)
            #expect(try await outcome("error('x')", .error).held)
            #expect(try await !outcome("return 'ESCAPED'", .contained).held)
            #expect(try await !outcome("print('ESCAPED')").held)
            #expect(try await outcome("return {}", .contained).held)
        }

        @Test func severalRoundsAreCountedAndTheHostStaysFlat() async throws {
            let script = SandboxScript(name: "x.lua", bytes: Array("return ('x'):rep(1000)".utf8))
            let report = try await SandboxTester().run([script], rounds: 3)
            #expect(report.outcomes.count == 3 && report.hostMemoryBytes.count == 3)
            #expect(report.hostMemoryBytes.allSatisfy { $0 > 1_000_000 })
            #expect(report.longest > .zero && report.longest < report.bound)
            // Only clocks are patient with a slow worker.
            let slow = try await SandboxTester(slowness: 10).run([script])
            #expect(slow.bound > report.bound * 10)
            let endless = SandboxScript(name: "x.lua", bytes: Array("while true do end".utf8), expectation: .limit)
            let ended = try #require(try await SandboxTester(slowness: 100).run([endless]).outcomes.first)
            #expect(ended.runs.allSatisfy { $0.ending.kind == .failed(.instructionLimit) })
        }
    }
}
