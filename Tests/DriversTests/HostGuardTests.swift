import Domain
import Foundation
import TestSupport
import Testing

@testable import Drivers

/// What the host keeps to whatever a driver does.
@Suite(.inTurn)
struct HostGuardTests {
    // MARK: Secrets

    @Test(arguments: [
        ("key=hunter2+hunter2&x=1", "key=[secret token]&x=1"), ("aHVudGVyMitodW50ZXIy!", "[secret token]!"),
        ("hunter2%2Bhunter2", "[secret token]"), ("x=a%2Fb-c.d%20e", "x=[secret other]"),
        ("cut off: hunter2+hun", "cut off: [secret token]"),
        ("hunt is no secret", "hunt is no secret"),
    ])
    func secretsAreFoundInTheFormsTheyTravelIn(text: String, clean: String) {
        var redactor = Redactor()
        redactor.add("hunter2+hunter2", named: "token")
        redactor.add("a/b-c.d e", named: "other")
        #expect(redactor.clean(text) == clean)
    }

    @Test func secretsComeFromTheOperatorsFolderOrEnvironment() throws {
        let folder = try TemporaryFolder()
        try Data("from-a-file\n".utf8).write(to: URL(fileURLWithPath: folder.file("api-key")))
        try Data("abc".utf8).write(to: URL(fileURLWithPath: folder.file("short")))
        let source = SecretSource(
            folder: URL(fileURLWithPath: folder.path),
            environment: [
                "TROUPE_SECRET_OTHER": "from-the-environment", "TROUPE_SECRET_PASTED": " pasted in\r\n",
                "TROUPE_SECRET_BLANK": "      ",
            ]
        )
        #expect(try source.read("pasted") == "pasted in")
        #expect(throws: HostError.self) { try source.read("blank") }
        #expect(try source.read("api-key") == "from-a-file")
        #expect(try source.read("other") == "from-the-environment")
        #expect(throws: HostError.self) { try source.read("short") }
        do throws(HostError) {
            _ = try source.read("missing")
            Issue.record("there is no such secret")
        } catch {
            #expect(
                error.message.hasPrefix("there is no secret missing; set TROUPE_SECRET_MISSING or the file "),
                "\(error.message)"
            )
        }
    }

    // MARK: Processes

    @Test func aKeyStartsOneProcessHoweverManyAskAtOnce() async throws {
        let bench = try DriverBench()
        let records = ProcessRecords(folder: bench.services.recordFolder(plugin: "tests", fleet: "one"))
        let start = ProcessRecords.Start(
            key: "k",
            program: try DriverHost.program("sleep", "test"),
            arguments: ["60"],
            environment: [],
            folder: "/",
            log: "/dev/null"
        )
        let started = try await withThrowingTaskGroup(of: ProcessIdentity.self) { group in
            for _ in 0..<8 {
                group.addTask { try await bench.services.blocking { records.start(start) }.get() }
            }
            return try await group.reduce(into: Set<ProcessIdentity>()) { $0.insert($1) }
        }
        #expect(started.count == 1)
        let process = try #require(started.first)
        #expect(process.isAlive && records.contains(process))
        #expect(process.signal(SIGKILL) == 0)
        let isGone = try await eventually { !process.isAlive }
        #expect(isGone)
        let next = try records.start(start).get()
        #expect(next != process && next.isAlive, "one that is gone is started anew")
        _ = next.signal(SIGKILL)
    }

    @Test func aProgramThatCannotBeginLeavesNoRecord() throws {
        let bench = try DriverBench()
        let records = ProcessRecords(folder: bench.services.recordFolder(plugin: "tests", fleet: "none"))
        let folder = bench.folder.file("no-such-folder")
        let start = ProcessRecords.Start(
            key: "k",
            program: "/bin/sleep",
            arguments: ["60"],
            environment: [],
            folder: folder,
            log: "/dev/null"
        )
        #expect(throws: HostError.self) { try records.start(start).get() }
        #expect(records.identity("k") == nil)
    }

    @Test func anIdThatIsUsedAgainIsAnotherProcess() throws {
        let own = try #require(Self.ownIdentity)
        #expect(own.isAlive)
        var other = own
        other.ticks += 1
        #expect(!other.isAlive)
        #expect(other.signal(0) == ESRCH)
        var before = own
        before.boot = "00000000"
        #expect(!before.isAlive, "the machine was started anew since")
    }

    @Test func aDriverSignalsWhatItStartedAndNothingElse() async throws {
        let own = try #require(Self.ownIdentity)
        let bench = try DriverBench()
        let text = SmallDriver.text([
            "describe": "local function describe(host) host.process.signal('\(own)', 'TERM') return {} end"
        ])
        let driver = bench.driver(try await bench.plugin("odd", text))
        do throws(DriverError) {
            _ = try await driver.describe()
            Issue.record("the signal was sent")
        } catch {
            #expect(error.message.contains("was not started by driver odd for fleet shop"), "\(error)")
        }
    }

    private static var ownIdentity: ProcessIdentity? {
        let stat = (try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8)) ?? ""
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 19 ? ProcessIdentity("\(getpid()).\(fields[19]).\(ProcessIdentity.currentBoot)") : nil
    }

    // MARK: Files

    @Test func aFileIsWrittenWholeAndLeavesNoDraft() throws {
        let folder = try TemporaryFolder()
        let file = URL(fileURLWithPath: folder.file("deep/er/app.conf"))
        #expect(AtomicFile.write("one", to: file) == 0)
        #expect(AtomicFile.write("two", to: file) == 0)
        #expect(try String(contentsOf: file, encoding: .utf8) == "two")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("deep/er")) == ["app.conf"])
    }
}
