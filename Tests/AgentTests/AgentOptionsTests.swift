import Testing

@testable import Agent

struct AgentOptionsTests {
    private func parse(
        _ arguments: [String],
        _ environment: [String: String] = [:],
        host: String? = "host-1"
    ) throws(UsageError) -> AgentCommand {
        try AgentCommand.parse(arguments, environment: environment, hostName: host)
    }

    private func options(_ arguments: [String], _ environment: [String: String] = [:]) throws -> AgentOptions {
        guard case .run(let options) = try parse(arguments, environment) else { throw UsageError("not a run") }
        return options
    }

    @Test func everyFlag() throws {
        let options = try options([
            "--server", "https://troupe.example:8470/", "--token-file=/etc/token", "--resource", "web-1", "--fleet",
            "storefront",
            "--scrape", "http://127.0.0.1:9100", "--scrape=http://[::1]:8080/stats?all=1", "--interval", "1m",
            "--spool", "/tmp/spool",
            "--spool-size", "2GiB", "--ca-file", "/etc/ca.pem", "--once",
        ])
        #expect(options.server?.description == "https://troupe.example:8470")
        #expect(
            options.scrapes.map(\.description) == ["http://127.0.0.1:9100/metrics", "http://[::1]:8080/stats?all=1"]
        )
        #expect(options.tokenFile == "/etc/token" && options.resource == "web-1" && options.fleet == "storefront")
        #expect(options.intervalSeconds == 60 && options.spool == "/tmp/spool" && options.spoolBytes == 2 << 30)
        #expect(options.caFile == "/etc/ca.pem" && options.once)
    }

    @Test func defaults() throws {
        let options = try options(["--server", "http://s"])
        #expect(options.resource == "host-1" && options.intervalSeconds == 10 && options.spoolBytes == 64 << 20)
        #expect(
            options.spool == "/var/lib/troupe-agent" && !options.once && options.fleet == nil && options.scrapes.isEmpty
        )
    }

    @Test func theEnvironmentStandsInAndFlagsGoBeforeIt() throws {
        let environment = [
            "TROUPE_SERVER": "http://s", "TROUPE_FLEET": "one", "TROUPE_SCRAPE": "http://a:1/m,http://b:2/m",
            "STATE_DIRECTORY": "/var/lib/unit", "TROUPE_TOKEN_FILE": "", "TROUPE_SPOOL_SIZE": "1MiB",
        ]
        let options = try options(["--fleet", "two"], environment)
        #expect(options.server?.host == "s" && options.fleet == "two" && options.scrapes.count == 2)
        #expect(options.spool == "/var/lib/unit" && options.tokenFile == nil && options.spoolBytes == 1 << 20)
    }

    @Test func helpAndVersion() throws {
        #expect(try parse(["--help"]) == .help && parse(["-h"]) == .help && parse(["--version"]) == .version)
        for flag in AgentFlag.allCases { #expect(AgentHelp.text.contains("\(flag.rawValue) \(flag.placeholder)")) }
    }

    @Test(
        arguments: [
            ([], "no server: give --server URL or set TROUPE_SERVER"),
            (["--sever", "http://s"], "the flag “--sever” is unknown; did you mean --server?"),
            (["--frobnicate"], "the flag “--frobnicate” is unknown; see --help"),
            (["http://s"], "“http://s” is not understood: every argument is a flag"),
            (["--server"], "--server needs a value: --server URL"),
            (["--server", ""], "--server needs a value: --server URL"),
            (["--server", "--once"], "--server needs a value, found the flag --once"),
            (["--fleet", "a", "--fleet", "b"], "--fleet is given twice"),
            (["--server", "s"], "--server: “s” is no address of a server: it has to begin with http:// or https://"),
            (["--server", "http://"], "--server: “http://” is no address of a server: it names no host"),
            (
                ["--server", "http://s:0"],
                "--server: “http://s:0” is no address of a server: its port is no number from 1 to 65535"
            ),
            (["--interval", "soon"], "--interval: “soon” is no time from 1s to 1h; write for example 10s or 1m"),
            (["--interval", "2h"], "--interval: “2h” is no time from 1s to 1h; write for example 10s or 1m"),
            (
                ["--spool-size", "1KiB"],
                "--spool-size: “1KiB” is no size from 64KiB to 1024GiB; write for example 64MiB"
            ),
            (
                ["--spool-size", "9223372036854775807GiB"],
                "--spool-size: “9223372036854775807GiB” is no size from 64KiB to 1024GiB; write for example 64MiB"
            ),
            (["--resource", "a\nb"], "--resource: a name has at most 200 bytes and no control characters"),
        ] as [([String], String)]
    )
    func mistakesAreNamed(arguments: [String], message: String) {
        #expect(throws: UsageError(message)) { try parse(arguments) }
    }

    @Test func aHostWithoutANameNeedsAResource() {
        #expect(throws: UsageError.self) { try parse(["--server", "http://s"], host: nil) }
    }

    @Test(arguments: [
        ("http://h", "h", 80, "", false), ("https://h", "h", 443, "", true),
        ("http://h:81/a/b/", "h", 81, "/a/b", false),
        ("http://[::1]:9", "::1", 9, "", false), ("http://h?x=1", "h", 80, "/?x=1", false),
    ])
    func addresses(text: String, host: String, port: Int, path: String, isTLS: Bool) throws {
        let address = try HTTPAddress(text)
        #expect(address.host == host && address.port == port && address.path == path && address.isTLS == isTLS)
    }

    @Test(arguments: [
        "http://u:p@h", "http://h/#a", "http://h:99999", "http://h:x", "http://[::1", "http://h:+1", "http://a b",
        "http://h\r\nX: y",
    ])
    func addressesThatAreNone(text: String) {
        #expect(throws: HTTPAddressError.self) { try HTTPAddress(text) }
    }
}
