import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct SandboxCommandTests {
    private func write(_ text: String, _ name: String, in folder: borrowing TemporaryFolder) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
    }

    @Test func aFileIsRunAndItsEndingSaid() async throws {
        let folder = try TemporaryFolder()
        try write("while true do end", "spin.lua", in: folder)
        // Beside other tests 250 ms may pass before so many instructions have run.
        let ended = try await CommandLineTool.run(
            ["sandbox", "test", "spin.lua", "--slowness", "40"],
            in: folder.path
        )
        #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
        #expect(ended.output.contains("instruction limit"))
        #expect(ended.output.contains("the host and the next script are well"))
        #expect(ended.output.contains("1 held, 0 did not"))
    }

    @Test func aCorpusFailsWhereAScriptEndsOtherwise() async throws {
        let folder = try TemporaryFolder()
        try write("file\texpected\tdescription\na.lua\tlimit\tspins\nb.lua\terror\tis fine\n", "INDEX.tsv", in: folder)
        try write("while true do end", "a.lua", in: folder)
        try write("return 1", "b.lua", in: folder)
        let ended = try await CommandLineTool.run([
            "sandbox", "test", "--corpus", folder.path, "--rounds", "2", "--slowness", "40",
        ])
        #expect(ended.status == 1)
        #expect(ended.output.contains("was to end as error"), "\(ended.output)")
        #expect(ended.output.contains("2 scripts, 2 rounds"), "\(ended.output)")
        #expect(ended.output.contains("after the first round"), "\(ended.output)")

        try write("error('x')", "b.lua", in: folder)
        let json = try CommandLineTool.json(
            try await CommandLineTool.run(["sandbox", "test", "--corpus", folder.path, "--json", "--slowness", "40"])
        )
        #expect(json["ok"] as? Bool == true)
        #expect((json["scripts"] as? [Any])?.count == 2)
    }

    @Test func badInputIsSaidClearly() async throws {
        let folder = try TemporaryFolder()
        try Data([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]).write(to: URL(fileURLWithPath: folder.file("program")))
        let files = try await CommandLineTool.run(["sandbox", "test", "none.lua", ".", "program"], in: folder.path)
        #expect(files.status == 1)
        #expect(files.errors.contains("error: there is no file none.lua"), "\(files.errors)")
        #expect(files.errors.contains("error: . is a folder"), "\(files.errors)")
        #expect(files.errors.contains("error: program is a binary file: expected Lua source text"), "\(files.errors)")

        try write("a.lua\tnever\tx\n", "INDEX.tsv", in: folder)
        let index = try await CommandLineTool.run(["sandbox", "test", "--corpus", folder.path])
        #expect(index.status == 1)
        #expect(index.errors.contains("INDEX.tsv:1: \"never\" is no ending; known: limit, error, contained"))

        #expect(try await CommandLineTool.run(["sandbox", "test"]).status == 64)
        #expect(try await CommandLineTool.run(["sandbox", "test", "x.lua", "--rounds", "0"]).status == 64)
    }
}
