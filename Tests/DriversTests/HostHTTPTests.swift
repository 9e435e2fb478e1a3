import Domain
import Foundation
import TestSupport
import Testing

@testable import Drivers

/// HTTP as drivers have it, against a real server.
@Suite(.serialized) struct HostHTTPTests {
    /// Answers by path: `/moved` leads elsewhere, `/slow` takes its time, `/large` is too large, `/echo` says what it was sent.
    private static let server = """
        import http.server, json, sys, time
        class S(http.server.BaseHTTPRequestHandler):
            def do_POST(self): self.do_GET()
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
                if self.path == "/moved":
                    self.send_response(302); self.send_header("location", "http://127.0.0.1:1/"); self.end_headers(); return
                if self.path == "/slow": time.sleep(5)
                text = b"x" * (5 << 20) if self.path == "/large" else json.dumps(
                    {"method": self.command, "body": body, "token": self.headers.get("authorization")}).encode()
                self.send_response(201); self.send_header("X-Kind", "odd"); self.send_header("content-length", str(len(text)))
                self.end_headers(); self.wfile.write(text)
            def log_message(self, *a): pass
        s = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), S)
        s.serve_forever()
        """

    private func describe(_ body: String, needs: String = "http = { \"target.url\" }, secrets = { \"token\" }")
        async throws -> String
    {
        let bench = try DriverBench(secrets: [
            "TROUPE_SECRET_TOKEN": "hunter2-hunter2", "TROUPE_SECRET_MULTI": "first-line\nsecond-line",
        ])
        // Its record lies where the bench ends what was started.
        let records = ProcessRecords(folder: bench.services.recordFolder(plugin: "tests", fleet: "server"))
        let port = try #require(PortCheck.free())
        let start = ProcessRecords.Start(
            key: "server",
            program: try DriverHost.program("python3", "test"),
            arguments: ["-c", Self.server, "\(port)"],
            environment: [
                ("PATH", ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"), ("HOME", NSHomeDirectory()),
            ],
            folder: "/",
            log: "/dev/null"
        )
        _ = try records.start(start).get()
        let listens = try await eventually { PortCheck.accepts("127.0.0.1", port, milliseconds: 100) }
        try #require(listens)
        let text = SmallDriver.text(
            needs: needs + ", files = { \"state\" }",
            config: "url = \"string\"",
            ["describe": "local function describe(host, target)\n\(body)\nend"]
        )
        var rules = PluginDriverRules.quick
        rules.attempts = 1
        let driver = bench.driver(
            try await bench.plugin("odd", text),
            target: ["url": "http://127.0.0.1:\(port)"],
            rules: rules
        )
        do throws(DriverError) {
            return "answered \(try await driver.describe().map(\.resource.id))"
        } catch {
            return "\(error.kind.rawValue): \(error.message)"
        }
    }

    @Test func aRequestCarriesWhatItIsGivenAndItsAnswerComesBackWhole() async throws {
        let answer = try await describe(
            """
            local answer = host.http { url = target.url .. "/echo", method = "POST", body = "hallo",
              headers = { authorization = "Bearer " .. host.secret("token") } }
            assert(answer.status == 201 and answer.headers["x-kind"] == "odd")
            local said = host.json.decode(answer.body)
            assert(said.method == "POST" and said.body == "hallo")
            error("it was sent " .. said.token)
            """
        )
        #expect(answer.hasSuffix("it was sent Bearer [secret token]"), "\(answer)")
        #expect(!answer.contains("hunter2"))
    }

    @Test func aRedirectIsAnAnswerAndIsNotFollowed() async throws {
        let answer = try await describe(
            "local a = host.http { url = target.url .. '/moved' } return { { id = a.status .. '', state = 'ready' } }"
        )
        #expect(answer == "answered [\"302\"]")
    }

    @Test func whatIsSlowOrTooLargeOrNotThereIsSaid() async throws {
        let slow = try await describe("host.http { url = target.url .. '/slow', timeout = 0.3 }")
        #expect(slow.hasPrefix("unavailable: fleet shop: describe: plugins/odd/plugin.lua:"), "\(slow)")
        #expect(slow.contains("no answer within 300ms"), "\(slow)")
        let large = try await describe("host.http { url = target.url .. '/large' }")
        #expect(large.contains("the answer is larger than 4 MiB"), "\(large)")
        let nobody = try await describe(
            "host.http { url = 'http://127.0.0.1:1/' }",
            needs: "http = { \"http://127.0.0.1:1\" }, secrets = {}"
        )
        #expect(nobody.hasPrefix("unavailable: "), "\(nobody)")
        #expect(nobody.contains("GET http://127.0.0.1:1/: nothing listens at 127.0.0.1:1"), "\(nobody)")
        let stranger = try await describe(
            "host.http { url = 'http://no-such-host.invalid/' }",
            needs: "http = { \"http://*.invalid\" }, secrets = {}"
        )
        #expect(stranger.contains("the host name no-such-host.invalid is not known"), "\(stranger)")
    }

    @Test(arguments: [
        ("{ url = target.url, method = 'DELETE' }", "DELETE http://127.0.0.1"),
        ("{ url = 'http://user:word@127.0.0.1/' }", "the url holds a user"),
        ("{ url = 'file:///etc/passwd' }", "expected http:// or https://"),
        ("{ url = target.url, headers = { ['x y'] = '1' } }", "holds what no header may"),
        ("{ url = target.url, headers = { x = 'a\\r\\nb: c' } }", "holds what no header may"),
        (
            "{ url = '127.0.0.1:25000/v2' }",
            "\"127.0.0.1:25000/v2\" has no scheme; expected http:// or https:// before it"
        ),
        (
            "{ url = target.url, headers = { Authorization = 'Bearer ' .. host.secret('multi') } }",
            "header Authorization holds what no header may: a line feed, U+000A. It stands in the secret multi"
        ),
        ("{ url = target.url, headers = { ['x:y'] = '1' } }", "holds what no header may in its name: :, U+003A"),
        ("{ url = target.url, tiemout = 3 }", "did you mean timeout?"),
        ("{ url = target.url .. '/../x' }", "climbs"),
        ("{ url = target.url, ca = 'none' }", "ca is no certificate in PEM"),
    ])
    func whatMayNotBeSentIsRefused(options: String, words: String) async throws {
        let answer = try await describe(
            "host.http \(options) return {}",
            needs: "http = { \"GET,POST target.url\" }, secrets = { \"multi\" }"
        )
        #expect(!answer.contains("second-line"))
        #expect(answer.contains(words), "\(answer)")
    }
}
