import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct PersonaCommandTests {
    private func served() async throws -> ServedTroupe {
        let served = try await ServedTroupe()
        try await served.wait(for: "the resources to be known") {
            try await served.run("persona", "timeline", "shop-1").status == 0
        }
        return served
    }

    @Test func personasAreListedWithWhoPlaysThem() async throws {
        let served = try await served()
        let list = try await served.run("persona", "list")
        #expect(list.status == 0, "\(list.errors)")
        let row = try #require(list.output.split(separator: "\n").first { $0.hasPrefix("web") })
        #expect(row.contains("100 request_rate"))
        #expect(row.hasSuffix(" 2"))

        let show = try await served.run("persona", "show", "safe")
        for text in ["latency_ms < 250", "2 an hour", "played by", "/etc/app.conf", "mode=safe"] {
            #expect(show.output.contains(text), "\(text) is missing in:\n\(show.output)")
        }
        let wrong = try await served.run("persona", "show", "sfae")
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("did you mean \"safe\"?"), "\(wrong.errors)")
    }

    @Test func withoutAServerTheWorkspaceIsRead() async throws {
        let list = try await CommandLineTool.run(["persona", "list", "--workspace", "."])
        #expect(list.status == 0, "\(list.errors)")
        #expect(list.output.contains("security-focused"))
        #expect(!list.output.contains("resources"))
        // Nobody named a server and none runs: the same, and it is said.
        let folder = try TemporaryFolder()
        let found = try await CommandLineTool.run(["persona", "show", "base", "--json", "--data", folder.path])
        #expect(found.errors.contains("personas of the workspace in this folder"), "\(found.errors)")
        #expect(try CommandLineTool.json(found)["name"] as? String == "base")
        // A server that was named is not replaced by anything.
        let named = try await CommandLineTool.run(["persona", "list", "--server", "http://127.0.0.1:1"])
        #expect(named.status == 1)
        #expect(named.output.isEmpty)
        let both = try await CommandLineTool.run(["persona", "list", "-w", ".", "--server", "http://127.0.0.1:1"])
        #expect(both.status == 1)
        let nowhere = try await CommandLineTool.run(["persona", "list"], in: folder.path)
        #expect(nowhere.errors.contains("no server"), "\(nowhere.errors)")
    }

    @Test func aPersonaIsTriedAssignedDrawnAndReleased() async throws {
        let served = try await served()
        let tried = try await served.run("persona", "assign", "safe", "shop-1", "--for", "1.5h", "--dry-run")
        #expect(tried.status == 0, "\(tried.errors)")
        for text in [
            "shop/shop-1  web -> safe, until ", "(in 90 min)", "-mode=web", "+mode=safe",
            "1 of 1 resource would change",
        ] {
            #expect(tried.output.contains(text), "\(text) is missing in:\n\(tried.output)")
        }
        #expect(!(try await served.run("persona", "timeline", "shop-1").output.contains("safe")))

        let done = try await served.run("persona", "assign", "safe", "shop-1", "--for", "90m", "--reason", "probed")
        #expect(done.output.contains("1 of 1 resource changed"), "\(done.output)\(done.errors)")
        let timeline = try await served.run("persona", "timeline", "shop-1")
        for text in ["safe", "90 min", "by local-admin, priority person: probed", "as it was started", "#", "."] {
            #expect(timeline.output.contains(text), "\(text) is missing in:\n\(timeline.output)")
        }
        let json = try CommandLineTool.json(try await served.run("persona", "timeline", "shop-1", "--json"))
        #expect((json["assignments"] as? [[String: Any]])?.count == 2)

        #expect(try await served.run("persona", "release", "shop-1", "--dry-run").output.contains("nothing was done"))
        let released = try await served.run("persona", "release", "shop-1")
        #expect(released.output.contains("safe -> web"), "\(released.output)\(released.errors)")
        let again = try await served.run("persona", "release", "shop-1")
        #expect(again.status == 1)
        #expect(again.errors.contains("request "), "\(again.errors)")
    }

    @Test func manyAreAssignedByFleetAndLabels() async throws {
        let served = try await served()
        let all = try await served.run(
            "persona",
            "assign",
            "safe",
            "--fleet",
            "shop",
            "--for",
            "2m",
            "--dry-run",
            "--json"
        )
        #expect((try CommandLineTool.json(all)["effects"] as? [Any])?.count == 2)
        let none = try await served.run("persona", "assign", "safe", "--fleet", "shop", "--select", "zone=nowhere")
        #expect(none.status == 1, "\(none.output)")
        let unknown = try await served.run("persona", "assign", "web", "nobody")
        #expect(unknown.errors.contains("There is no resource \"nobody\""), "\(unknown.errors)")
        for arguments in [
            ["safe"], ["safe", "shop-1", "--fleet", "shop"], ["safe", "shop-1", "--for", "soon"],
            ["safe", "shop-1", "--priority", "king"], ["safe", "--select", "zone"],
        ] {
            #expect(try await CommandLineTool.run(["persona", "assign"] + arguments).status == 64, "\(arguments)")
        }
    }
}
