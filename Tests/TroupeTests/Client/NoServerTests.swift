import Foundation
import TestSupport
import Testing

/// What a person reads where a server is not there, or is none.
@Suite(.inTurn)
struct NoServerTests {
    private func fleetList(
        _ arguments: [String],
        in folder: TemporaryFolder? = nil,
        environment: [String: String] = [:]
    ) async throws
        -> CommandLineTool.Ended
    {
        let folder = try folder ?? TemporaryFolder()
        return try await CommandLineTool.run(["fleet", "list"] + arguments, in: folder.path, environment: environment)
    }

    private func answering(_ answer: String, _ arguments: [String] = []) async throws -> (
        CommandLineTool.Ended, [String]
    ) {
        let server = try CannedServer(answer)
        defer { server.stop() }
        return (try await fleetList(["--server", server.url] + arguments), server.requests)
    }

    @Test func withoutAServerItIsSaidHowToGetOne() async throws {
        let ended = try await fleetList([])
        #expect(ended.status == 1)
        #expect(ended.errors.contains(".troupe/address is not there"))
        #expect(ended.errors.contains("troupe serve"))
        #expect(ended.errors.contains("--server"))
        let json = try CommandLineTool.json(try await fleetList(["--json", "--data", "/nowhere"]))
        #expect(json["ok"] as? Bool == false)
        #expect((json["errors"] as? [String])?.first?.contains("/nowhere/address") == true)
    }

    @Test(arguments: ["nope", "ftp://a", "http://", "http://me:secret@host", "http://host?x=1"])
    func anAddressThatIsNoneIsRefused(_ address: String) async throws {
        let ended = try await fleetList(["--server", address])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("--server: error:"), "\(ended.errors)")
        #expect(!ended.errors.contains("secret@host") || address.contains("secret"))
    }

    @Test func nobodyListening() async throws {
        let server = try CannedServer("")
        server.stop()
        // Its port is free again: nobody else listens there.
        let ended = try await fleetList(["--server", "http://127.0.0.1:1"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("nobody listens there"), "\(ended.errors)")
    }

    @Test func aStaleAddressOfTheDataFolderIsSaidToBeStale() async throws {
        let folder = try TemporaryFolder()
        try Data("http://127.0.0.1:1\n".utf8).write(to: URL(fileURLWithPath: folder.file("address")))
        let ended = try await fleetList(["--data", folder.path])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("is gone: start it again"), "\(ended.errors)")
    }

    @Test func aConnectionThatIsClosed() async throws {
        let (ended, _) = try await answering("")
        #expect(ended.status == 1)
        #expect(ended.errors.contains("closed the connection"), "\(ended.errors)")
    }

    @Test func whatSpeaksNoTLS() async throws {
        let server = try CannedServer(CannedServer.answer("400 Bad Request"))
        defer { server.stop() }
        let ended = try await fleetList(["--server", "https://127.0.0.1:\(server.port)"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("does not speak TLS"), "\(ended.errors)")
    }

    @Test func anAnswerThatIsNoJSON() async throws {
        let (ended, _) = try await answering(
            CannedServer.answer("200 OK", ["Content-Type: text/html"], body: "<html>\nHello</html>")
        )
        #expect(ended.status == 1)
        #expect(ended.errors.contains("is it a Troupe of this version?"), "\(ended.errors)")
        #expect(ended.errors.contains("\"<html> Hello</html>\""), "\(ended.errors)")
    }

    @Test func anAnswerThatLacksAMember() async throws {
        let (ended, _) = try await answering(
            CannedServer.answer("200 OK", ["Content-Type: application/json"], body: #"{"fleets":[{"name":"a"}]}"#)
        )
        #expect(ended.status == 1)
        #expect(ended.errors.contains("fleets.Index 0.driver"), "\(ended.errors)")
    }

    @Test func aProxysErrorPageIsNotTakenForTroupe() async throws {
        let (ended, _) = try await answering(
            CannedServer.answer(
                "503 Service Unavailable",
                ["Content-Type: text/html", "Retry-After: 7"],
                body: "<h1>busy</h1>"
            )
        )
        #expect(ended.status == 1)
        #expect(ended.errors.contains("answered 503; it asks to try again in 7 s"), "\(ended.errors)")
        #expect(ended.errors.contains("proxy"))
    }

    @Test func aRedirectIsNotFollowedWithTheToken() async throws {
        let (ended, requests) = try await answering(
            CannedServer.answer("302 Found", ["Location: http://elsewhere.example/v1/fleets"])
        )
        #expect(ended.status == 1)
        #expect(ended.errors.contains("http://elsewhere.example/v1/fleets"), "\(ended.errors)")
        #expect(requests.count == 1)
    }

    @Test(arguments: ["429 Too Many Requests", "503 Service Unavailable"])
    func troupesOwnRefusalSaysWhenToTryAgain(_ status: String) async throws {
        let problem =
            #"{"type":"urn:troupe:problem:x","title":"t","status":1,"detail":"It is busy.","request_id":"abc","errors":[]}"#
        let (ended, _) = try await answering(
            CannedServer.answer(status, ["Content-Type: application/problem+json", "Retry-After: 5"], body: problem)
        )
        #expect(ended.status == 1)
        #expect(
            ended.errors.contains("It is busy. Try again in 5 s. [\(status.prefix(3)), request abc]"),
            "\(ended.errors)"
        )
    }

    @Test func theLocalTokenIsShownToNoOtherServer() async throws {
        let folder = try TemporaryFolder()
        try Data("http://127.0.0.1:1\n".utf8).write(to: URL(fileURLWithPath: folder.file("address")))
        try Data("trp_local_secret\n".utf8).write(to: URL(fileURLWithPath: folder.file("admin-token")))
        let (_, bare) = try await answering(CannedServer.answer("401 Unauthorized"), ["--data", folder.path])
        #expect(bare.count == 1)
        #expect(!bare.joined().contains("trp_local_secret"))
        // But to whom it is named for, it is.
        let file = folder.file("admin-token")
        let (_, named) = try await answering(CannedServer.answer("401 Unauthorized"), ["--token-file", file])
        #expect(named.joined().contains("Bearer trp_local_secret"))
    }

    @Test func aTokenFileThatIsNotThereIsSaidSo() async throws {
        let ended = try await fleetList(["--server", "http://127.0.0.1:1", "--token-file", "/nowhere/token"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("/nowhere/token: error:"), "\(ended.errors)")
    }
}
