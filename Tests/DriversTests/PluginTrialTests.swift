import Domain
import Foundation
import ScriptProtocol
import Scripting
import TestSupport
import Testing
import Workers

/// What a vendor writes in `tests/conformance.lua` is read like every other file: each mistake with its line.
@Suite(.inTurn)
struct PluginTrialTests {
    private static let plugin = Plugin(
        name: "acme",
        version: "1",
        config: [ConfigKey("url"), ConfigKey("size", .integer, isRequired: false)],
        functions: [],
        script: ScriptSource(name: "plugins/acme/plugin.lua", bytes: [])
    )

    private func read(_ text: String) async throws -> Result<PluginTrial, PluginTrial.Faults> {
        let folder = try TemporaryFolder()
        let file = URL(fileURLWithPath: folder.file(PluginTrial.file(of: "acme")))
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        let workers = try WorkerPool(configuration: WorkerPoolConfiguration(size: 1))
        defer { workers.shutdown() }
        do throws(PluginTrial.Faults) {
            return .success(
                try await PluginTrial(of: Self.plugin, in: URL(fileURLWithPath: folder.path), workers: workers)
            )
        } catch {
            return .failure(error)
        }
    }

    @Test func allOfItIsRead() async throws {
        let trial = try await read(
            """
            return {
              target = { url = "http://{service}", size = 2 },
              service = { command = "python3", args = { "{port}", 30 } },
              wrong = { { target = { url = "http://127.0.0.1:1" }, names = "url" } },
              full = { target = { size = 9 }, count = 40 },
              page = 3, pause = "300ms", looks = 20,
            }
            """
        )
        .get()
        #expect(
            trial.target.map(\.value) == ["http://{service}", "2"]
                || trial.target.map(\.value) == ["2", "http://{service}"]
        )
        #expect(trial.service?.args == ["{port}", "30"])
        #expect(trial.wrong.first?.changes.map(\.value) == ["http://127.0.0.1:1"])
        #expect(
            trial.wrong.first?.target.map(\.name) == ["size", "url"],
            "what it leaves out is as in the target that works"
        )
        #expect(trial.full?.count == 40 && trial.full?.target.map(\.value) == ["9", "http://{service}"])
        #expect(trial.page == 3 && trial.pause == .milliseconds(300) && trial.looks == 20)
    }

    @Test(arguments: [
        ("pause = 500", "5: error: pause: "),
        ("pause = \"2h\"", "5: error: pause is 2h; expected at most 10m"),
        ("looks = \"twenty\"", "5: error: looks is \"twenty\"; expected a whole number, from 1 to 100000"),
        ("page = 0", "5: error: page is 0; expected how many resources a page of the service holds"),
        ("servce = {}", "5: error: unknown key servce; known here: "),
        ("service = \"python3\"", "5: error: service is \"python3\"; expected a table"),
        ("service = { comand = \"sh\" }", "(did you mean \"command\"?)"),
        (
            "service = { command = \"sh\", args = { {} } }",
            "5: error: service.args[1] is an empty table; expected a text"
        ),
        ("wrong = { { target = { ulr = \"x\" }, names = \"url\" } }", "5: error: unknown key wrong[1].target.ulr"),
        (
            "wrong = { { target = { url = 7 }, names = \"url\" } }",
            "5: error: wrong[1].target.url is 7; expected a text"
        ),
        ("wrong = { { target = {}, nmaes = \"url\" } }", "5: error: unknown key wrong[1].nmaes"),
        ("wrong = { { target = {} } }", "5: error: wrong[1].names is missing"),
        ("wrong = { 7 }", "5: error: wrong[1] is 7"),
        ("full = { count = 3 }", "5: error: full.target is missing"),
        ("full = { target = {}, count = 0 }", "5: error: full.count is 0"),
    ])
    func whatIsWrongIsSaidWithItsLine(line: String, error: String) async throws {
        let text = "return {\n  target = {\n    url = \"http://a\",\n  },\n  \(line),\n}\n"
        guard case .failure(let faults) = try await read(text) else {
            Issue.record("it is taken as it is: \(line)")
            return
        }
        #expect(
            faults.lines.contains { $0.hasPrefix("plugins/acme/tests/conformance.lua:") && $0.contains(error) },
            "\(faults)"
        )
    }

    @Test func aNumberIsNoTextAndATargetIsWhole() async throws {
        for (text, error) in [
            ("return { target = { url = 7 } }", "target.url is 7; expected a text"),
            ("return {\n target = {} }", "conformance.lua:2: error: target.url is missing"),
            ("return 7", "the script returns 7"),
        ] {
            guard case .failure(let faults) = try await read(text) else {
                Issue.record("it is taken as it is: \(text)")
                continue
            }
            #expect(faults.description.contains(error), "\(faults)")
        }
    }
}
