import Domain
import Foundation
import Scripting
import Testing

/// Drivers are loaded and checked with the workspace, and fleets are checked against them.
struct PluginLoadingTests {
    private static let plugin = """
        return driver {
          name = "acme", version = "1.0.0", api = 1,
          needs = {
            http = { "GET,POST https://*.acme.test:8443/v1", "target.url" },
            secrets = { "acme-token" }, files = { "state" }, exec = { "acmectl" }, tcp = { "127.0.0.1:*" },
          },
          config = {
            url = "string",
            size = { type = "integer", default = 3, help = "how large" },
            wait = "duration?",
          },
          can = { "retire_chosen" },
          describe = function(host, target) return {} end,
          provision = function(host, target, request) return { ids = {} } end,
          retire = function(host, target, request) return {} end,
        }
        """
    private static let file = "plugins/acme/plugin.lua"

    private static func fleet(_ target: String) throws -> String {
        let sound = try #require(WorkspaceFolder.sound["policies/fleets/shop.lua"])
        return sound.replacing("driver = \"simulated\"", with: "driver = \"acme\", target = { \(target) }")
    }

    @Test func aDriverSaysWhatItNeedsAndWhatAFleetMaySay() async throws {
        let folder = try WorkspaceFolder([
            Self.file: Self.plugin,
            "policies/fleets/shop.lua": try Self.fleet("url = \"http://acme.test\", wait = \"90s\", size = 4"),
        ])
        let workspace = try await folder.load()
        let plugin = try #require(workspace.plugin("acme"))
        #expect(
            plugin.needs.lines == [
                "exec acmectl", "files state", "http GET,POST https://*.acme.test:8443/v1", "http target.url",
                "secret acme-token",
                "tcp 127.0.0.1:*",
            ]
        )
        #expect(plugin.config.map(\.name) == ["size", "url", "wait"])
        #expect(plugin.functions == [.describe, .provision, .retire])
        #expect(
            workspace.fleet("shop")?.target == [
                Setting(name: "size", value: "4"), Setting(name: "url", value: "http://acme.test"),
                Setting(name: "wait", value: "90s"),
            ]
        )
    }

    @Test(arguments: [
        ("size = 4", "policies/fleets/shop.lua:3: error: driver \"acme\" needs target.url; expected a text"),
        (
            "url = \"x\", siez = 4",
            "policies/fleets/shop.lua:3: error: unknown key target.siez; known here: size, url, wait (did you mean \"size\"?)"
        ),
        (
            "url = \"x\", size = \"big\"",
            "policies/fleets/shop.lua:3: error: target.size is \"big\"; expected a whole number"
        ),
        (
            "url = \"x\", wait = 90",
            "policies/fleets/shop.lua:3: error: target.wait is 90; expected a duration such as \"30s\""
        ),
    ])
    func aTargetIsCheckedAgainstTheDriver(target: String, error: String) async throws {
        let folder = try WorkspaceFolder([Self.file: Self.plugin, "policies/fleets/shop.lua": try Self.fleet(target)])
        #expect(try await folder.errors() == [error])
    }

    @Test(arguments: [
        (
            "name = \"acme\"", "name = \"acne\"",
            "plugins/acme/plugin.lua:2: error: driver \"acne\" lies in plugins/acme; a folder is named after its driver, rename one of them"
        ),
        (
            "api = 1", "api = 2",
            "plugins/acme/plugin.lua:2: error: api is 2; expected the version of Troupe's driver API, 1"
        ),
        (
            "\"retire_chosen\" }", "\"retire_chosen\" },\n  precheck = function() end",
            "plugins/acme/plugin.lua:13: error: there is a function precheck, but can does not say so; add \"precheck\" to can"
        ),
        (
            "describe = function(host, target) return {}", "describe = function(host, target) return { os.time() }",
            "plugins/acme/plugin.lua:13: error: os.time is not there for drivers; host.now() answers the time, in seconds since 1970"
        ),
        (
            "describe = function(host, target) return {}", "describe = function(host, target) return { io.open('/x') }",
            "plugins/acme/plugin.lua:13: error: io.open is not there for drivers; host.file reads and writes files, host.log writes to the "
                + "log"
        ),
        (
            "secrets =", "secretes =",
            "plugins/acme/plugin.lua:5: error: unknown key needs.secretes; known here: exec, files, http, process, secrets, tcp "
                + "(did you mean \"secrets\"?)"
        ),
        (
            "\"target.url\"", "\"target.ulr\"",
            "plugins/acme/plugin.lua:4: error: needs.http[2] names target.ulr, which is no key of config (did you mean \"url\"?)"
        ),
        (
            "\"GET,POST https", "\"GET,FETCH https",
            "plugins/acme/plugin.lua:4: error: needs.http[1] is \"GET,FETCH https://*.acme.test:8443/v1\"; expected [METHOD,… ]"
                + "scheme://host[:port][/path] such as \"GET https://*:6443\", or \"target.KEY\""
        ),
        (
            "url = \"string\"", "url = \"strign\"",
            "plugins/acme/plugin.lua:8: error: config.url is \"strign\"; expected one of string, integer, number, boolean, duration, "
                + "with ? for one that may be left out (did you mean \"string\"?)"
        ),
        (
            "\"retire_chosen\"", "\"retire_choosen\"",
            "plugins/acme/plugin.lua:12: error: can names \"retire_choosen\"; known: retire_chosen, configure, mixed_personas, shadow, "
                + "precheck (did you mean \"retire_chosen\"?)"
        ),
        (
            "\"retire_chosen\"", "\"shadow\"",
            "plugins/acme/plugin.lua:12: error: can says \"shadow\", but there is no such function; add shadow = function(host, target, "
                + "request) … end"
        ),
        (
            "  retire = function(host, target, request) return {} end,\n", "  retrie = function() end,\n",
            "plugins/acme/plugin.lua:15: error: unknown key retrie; known here: api, can, config, configure, describe, name, needs, "
                + "precheck, provision, retire, shadow, version (did you mean \"retire\"?)"
        ),
    ])
    func whatIsWrongWithADriverIsSaidWithItsPlace(part: String, instead: String, error: String) async throws {
        let folder = try WorkspaceFolder([Self.file: Self.plugin.replacing(part, with: instead)])
        let errors = try await folder.errors()
        #expect(errors.contains(error), "\(errors)")
    }

    /// A name of the script's own is not the library of that name.
    @Test(arguments: [
        "local os = { time = 7 } return { os.time }", "return { target.os.name }",
        "local function f(os) return os.x end",
    ])
    func aNameOfTheDriversOwnIsNoLibrary(body: String) async throws {
        let folder = try WorkspaceFolder([
            Self.file: Self.plugin.replacing(
                "describe = function(host, target) return {}",
                with: "describe = function(host, target) \(body)"
            ),
            "policies/fleets/shop.lua": try Self.fleet("url = \"http://acme.test\""),
        ])
        _ = try await folder.load()
    }

    /// The cause comes, and not what follows from it.
    @Test func aKeyOfTheWrongTypeIsReportedOnce() async throws {
        let folder = try WorkspaceFolder([Self.file: Self.plugin.replacing("url = \"string\"", with: "url = \"text\"")])
        let errors = try await folder.errors()
        #expect(errors.count == 1 && errors[0].contains("config.url is \"text\"; expected one of string"), "\(errors)")
    }

    @Test func methodsMayHaveBlanksBetweenThem() throws {
        let need = try #require(HTTPNeed("POST , GET  target.url"))
        #expect(need.methods == ["GET", "POST"] && need.description == "GET,POST target.url")
        #expect(HTTPNeed("GET, target.url") == nil)
        #expect(HTTPNeed("GET POST target.url") == nil)
    }

    @Test func aFleetIsNotReportedForTheFaultsOfItsDriver() async throws {
        let folder = try WorkspaceFolder([
            Self.file: Self.plugin.replacing("api = 1", with: "api = \"one\""),
            "policies/fleets/shop.lua": try Self.fleet("url = \"http://acme.test\""),
        ])
        #expect(try await folder.errors().count == 1)
    }

    @Test func aFolderWithoutAScriptAndAScriptWithoutAFolderAreSaid() async throws {
        let folder = try WorkspaceFolder(["plugins/empty/README.md": "nothing yet", "plugins/stray.lua": "return {}"])
        #expect(
            try await folder.errors() == [
                "plugins/empty: error: there is no plugin.lua in the folder; expected the driver's script",
                "plugins/stray.lua: error: a script is not read here; put it into plugins/stray/plugin.lua",
            ]
        )
    }

    @Test(arguments: [
        ("https://*:6443", "https", "api.test", 6443, "/x", true),
        ("https://*:6443", "http", "api.test", 6443, "/x", false),
        ("https://*.acme.test", "https", "a.acme.test", 443, "", true),
        ("https://*.acme.test", "https", "acme.test", 443, "", false),
        ("https://*.acme.test", "https", "evilacme.test", 443, "", false),
        ("http://a.test:*/v1", "http", "A.test", 99, "/v1/x", true),
        ("http://a.test:*/v1", "http", "a.test", 99, "/v10", false),
        ("http://[::1]:80", "http", "[::1]", 80, "/", true),
    ])
    func addressesLieWithinWhatIsDeclared(
        pattern: String,
        scheme: String,
        host: String,
        port: Int,
        path: String,
        isCovered: Bool
    ) throws {
        let pattern = try #require(HTTPPattern(pattern))
        #expect(pattern.covers(scheme: scheme, host: host, port: port, path: path) == isCovered)
    }
}
