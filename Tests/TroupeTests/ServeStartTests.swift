import Foundation
import TestSupport
import Testing

/// `troupe serve` that cannot or must not start says why, and what to do; it never half starts.
@Suite(.inTurn)
struct ServeStartTests {
    private let folder: TemporaryFolder
    private let workspace: String

    init() throws {
        folder = try TemporaryFolder()
        workspace = try SmallWorkspace.write(in: folder.file("workspace"))
    }

    private func serve(_ arguments: [String], data: String? = nil) async throws -> CommandLineTool.Ended {
        try await CommandLineTool.run(
            ["serve", workspace, "--data", data ?? folder.file("data"), "--port", "0"] + arguments
        )
    }

    private func expectRefusal(_ ended: CommandLineTool.Ended, _ words: [String], status: Int32 = 1) {
        #expect(ended.status == status, "\(ended.errors)")
        for word in words { #expect(ended.errors.contains(word), "\(word) in: \(ended.errors)") }
        #expect(!FileManager.default.fileExists(atPath: folder.file("data/address")))
    }

    @Test func beyondThisMachineOnlyWithTokensAndTLS() async throws {
        expectRefusal(try await serve(["--bind", "0.0.0.0"]), ["0.0.0.0", "TLS", "--plaintext"])
        expectRefusal(try await serve(["--bind", "0.0.0.0", "--no-tokens", "--plaintext"]), ["0.0.0.0", "tokens"])
        expectRefusal(try await serve(["--bind", "::", "--no-tokens"]), ["tokens"])
        expectRefusal(try await serve(["--tls-certificate", "a.pem"]), ["--tls-key"], status: 64)
        expectRefusal(
            try await serve(["--bind", "no.such.host.invalid", "--plaintext"]),
            ["no.such.host.invalid", "address"]
        )
    }

    @Test func filesThatAreNoCertificateAreNamed() async throws {
        let files = try TLSFiles.write(in: folder)
        expectRefusal(
            try await serve(["--tls-certificate", files.certificate, "--tls-key", files.other]),
            [files.other, "key"]
        )
        expectRefusal(
            try await serve(["--tls-certificate", files.certificate, "--tls-key", folder.file("none.pem")]),
            ["none.pem", "No such file"]
        )
        expectRefusal(
            try await serve(["--tls-certificate", folder.file("none.pem"), "--tls-key", files.key]),
            ["none.pem", "No such file"]
        )
        // A key where the certificate belongs.
        expectRefusal(try await serve(["--tls-certificate", files.key, "--tls-key", files.key]), [files.key, "PEM"])
    }

    @Test func withACertificateItSpeaksTLS() async throws {
        let curl = "/usr/bin/curl"
        guard FileManager.default.isExecutableFile(atPath: curl) else {
            print("skipped: TLS from outside needs /usr/bin/curl")
            return
        }
        let files = try TLSFiles.write(in: folder)
        let server = try await RunningServer(arguments: [
            "--tls-certificate", files.certificate, "--tls-key", files.key,
        ])
        #expect(server.url.hasPrefix("https://127.0.0.1:"))
        func ask(_ arguments: [String]) async throws -> ChildProcess.Ended {
            try await ChildProcess.run(curl, ["-sS", "--max-time", "30"] + arguments)
        }
        let header = ["-H", "Authorization: Bearer \(try server.adminToken())"]
        let known = try await ask(["--cacert", files.certificate, server.url + "/v1/fleets"] + header)
        #expect(known.status == 0 && known.output.contains("\"web\""), "\(known)")
        // Who does not know the certificate does not come in, nor does who speaks no TLS.
        #expect(try await ask([server.url + "/healthz"]).status == 60)
        let plain = server.url.replacing("https:", with: "http:")
        #expect(try await ask(["--http1.0", plain + "/healthz"]).output.isEmpty)
        #expect(try await server.stop() == 0)
    }

    @Test func aPortInUseIsSaidToBeSo() async throws {
        let server = try await RunningServer()
        let port = try #require(server.url.split(separator: ":").last)
        let ended = try await CommandLineTool.run(
            ["serve", workspace, "--data", folder.file("data"), "--port", String(port)]
        )
        expectRefusal(ended, [":\(port)", "another Troupe running", "another address or port"])
    }

    @Test func aDataFolderHasOneServer() async throws {
        let server = try await RunningServer()
        let address = try String(contentsOfFile: server.data + "/address", encoding: .utf8)
        let second = try await serve([], data: server.data)
        #expect(second.status == 1)
        for word in ["kpi.db", "another Troupe", "data folder"] {
            #expect(second.errors.contains(word), "\(second.errors)")
        }
        // The first one goes on, and is found.
        #expect(try String(contentsOfFile: server.data + "/address", encoding: .utf8) == address)
        #expect(try await server.get("/readyz", token: nil).status == 200)
    }

    @Test func everyErrorOfAWorkspaceIsSaid() async throws {
        try SmallWorkspace.write(
            in: workspace,
            [
                "policies/fleets/web.lua":
                    "return fleet { name = \"web\", driver = \"simulatd\", personas = { \"one\" } }\n",
                "policies/personas/two.lua":
                    "return persona { name = \"two\", capacity = { request_rate = \"many\" } }\n",
                "policies/scaling/none.lua": "return {{\n",
            ]
        )
        expectRefusal(try await serve([]), ["web.lua:1", "two.lua:1", "none.lua:"])
    }

    @Test func aFolderThatCannotBeWrittenIsNamed() async throws {
        expectRefusal(try await serve([], data: "/dev/null/troupe"), ["/dev/null/troupe", "--data"])
        expectRefusal(try await serve([], data: "/proc/troupe"), ["/proc/troupe", "--data"])
        let file = folder.file("a-file")
        try Data("x".utf8).write(to: URL(fileURLWithPath: file))
        expectRefusal(try await serve([], data: file), [file, "folder"])
    }

    @Test(arguments: ["kpi.db", "state.db"])
    func whatIsNoDatabaseOfOursIsLeftAlone(_ name: String) async throws {
        let data = folder.file("data")
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let path = URL(fileURLWithPath: data + "/" + name)
        let garbage = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try garbage.write(to: path)
        expectRefusal(try await serve([]), [path.path, "not a database"])
        #expect(try Data(contentsOf: path) == garbage)
    }

    /// The pages behind the first are overwritten: a torn disk, not another program's file.
    @Test(arguments: ["kpi.db", "state.db"])
    func aDamagedDatabaseIsNamed(_ name: String) async throws {
        let server = try await RunningServer(data: folder.file("data"))
        #expect(try await server.stop() == 0)
        let path = folder.file("data/" + name)
        let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0x5A, count: size - 4096))
        try file.close()
        expectRefusal(try await serve([]), [path, "damaged"])
    }

    @Test func aStoppedServerLeavesNoLongLogs() async throws {
        let server = try await RunningServer(data: folder.file("data"))
        #expect(try await server.token("agent").hasPrefix("trp_"))
        #expect(try await server.stop() == 0)
        #expect(server.log.contains("stopped"))
        for name in ["kpi.db-wal", "state.db-wal"] {
            let size = try? FileManager.default.attributesOfItem(atPath: folder.file("data/" + name))[.size] as? Int
            #expect((size ?? 0) == 0)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("data/address")))
    }
}
