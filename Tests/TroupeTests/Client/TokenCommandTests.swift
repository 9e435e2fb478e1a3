import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct TokenCommandTests {
    @Test func aTokenIsCreatedUsedAndRevoked() async throws {
        let served = try await ServedTroupe()
        let created = try await served.run("token", "create", "ci", "--scope", "viewer", "--for", "1h")
        #expect(created.status == 0, "\(created.errors)")
        let token = created.output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(token.hasPrefix("trp_") && !token.contains("\n"))
        #expect(created.errors.contains("viewer"))

        let file = served.folder.file("token")
        try Data(token.utf8).write(to: URL(fileURLWithPath: file))
        #expect(try await served.run("fleet", "list", "--token-file", file).status == 0)
        #expect(try await served.run("fleet", "list", environment: ["TROUPE_TOKEN": token]).status == 0)
        let forbidden = try await served.run("token", "list", "--token-file", file)
        #expect(forbidden.status == 1)
        #expect(forbidden.errors.contains("\"ci\" has scope viewer"), "\(forbidden.errors)")
        #expect(forbidden.errors.contains("[403, request "), "\(forbidden.errors)")

        let twin = try await served.run("token", "create", "ci", "--scope", "viewer")
        #expect(twin.errors.contains("[409, request "), "\(twin.errors)")
        let list = try await served.run("token", "list")
        #expect(list.output.contains("ci"))
        #expect(!list.output.contains(token.suffix(20)))
        let json = try CommandLineTool.json(try await served.run("token", "list", "--json"))
        #expect((json["tokens"] as? [Any])?.count == 2)

        #expect(try await served.run("token", "revoke", "ci").output.contains("revoked: ci"))
        let refused = try await served.run("fleet", "list", "--token-file", file)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("was revoked"), "\(refused.errors)")
        #expect(refused.errors.contains("[401, request "), "\(refused.errors)")
        let again = try await served.run("token", "revoke", "ci")
        #expect(again.status == 1)
        #expect(again.errors.contains("no valid token \"ci\""), "\(again.errors)")
        #expect(try await served.run("token", "list").output.contains("--all"))
        #expect(try await served.run("token", "list", "--all").output.contains("revoked"))
    }

    @Test func theLocalServerIsFoundUnderEveryNameOfThisMachine() async throws {
        let served = try await ServedTroupe()
        let url = served.url
        #expect(try await served.run("fleet", "list", "--server", url + "/").status == 0)
        #expect(
            try await served.run("fleet", "list", "--server", url.replacing("127.0.0.1", with: "localhost")).status == 0
        )
        #expect(try await served.run("fleet", "list", environment: ["TROUPE_SERVER": url]).status == 0)
        // Elsewhere nobody knows its token.
        let ended = try await CommandLineTool.run(["fleet", "list", "--server", url], in: served.folder.path)
        #expect(ended.status == 1)
        #expect(ended.errors.contains("No token was sent"), "\(ended.errors)")
    }

    @Test(
        .enabled(
            if: FileManager.default.isExecutableFile(atPath: "/usr/bin/openssl"),
            "needs openssl to make a certificate"
        )
    )
    func anOwnAuthorityIsTrustedWhereItIsNamed() async throws {
        let folder = try TemporaryFolder()
        let (certificate, key) = (folder.file("cert.pem"), folder.file("key.pem"))
        let made = try await ChildProcess.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=troupe-test", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key,
                "-out", certificate,
            ]
        )
        try #require(made.status == 0, "\(made.errors)")
        let served = try await ServedTroupe(["--tls-certificate", certificate, "--tls-key", key])
        let unknown = try await served.run("fleet", "list")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("--ca"), "\(unknown.errors)")
        let known = try await served.run("fleet", "list", "--ca", certificate)
        #expect(known.status == 0, "\(known.errors)")
        let none = try await served.run("fleet", "list", "--ca", key)
        #expect(none.errors.contains("holds no certificates"), "\(none.errors)")
    }
}
