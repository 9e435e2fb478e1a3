import Domain
import Drivers
import Foundation
import Scripting
import TestSupport
import Testing

/// What plugins/README.md shows whole is whole: it passes over the service that it speaks of.
@Suite(.serialized) struct ReadmeDriverTests {
    /// Lists three machines to a page; makes, changes and removes one by its name.
    private static let service = """
        import json, sys
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        from urllib.parse import urlparse, parse_qs
        machines = {}
        class S(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def answer(self, status, value=None):
                text = b"" if value is None else json.dumps(value).encode()
                self.send_response(status); self.send_header("content-length", str(len(text))); self.end_headers()
                self.wfile.write(text)
            def do(self):
                body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"{}")
                path = urlparse(self.path)
                if self.headers.get("authorization") != "Bearer machines-secret": return self.answer(401)
                if not path.path.startswith("/v1/machines"): return self.answer(404)
                name = path.path[len("/v1/machines/"):]
                if not name:
                    page = int(parse_qs(path.query)["page"][0])
                    names = sorted(machines)
                    shown = [dict(machines[n]) for n in names[3 * page - 3:3 * page]]
                    for m in machines.values(): m["state"] = "running"
                    return self.answer(200, {"machines": shown, "next_page": page + 1 if len(names) > 3 * page else None})
                if self.command == "PUT":
                    if body["zone"] == "used-up": return self.answer(409, {"error": "no room"})
                    machines.setdefault(name, {"name": name, "zone": body["zone"], "state": "booting", "tags": body["tags"],
                        "created": "2026-11-24T08:00:00Z"})
                    return self.answer(201, {})
                if name not in machines: return self.answer(404)
                if self.command == "DELETE": del machines[name]; return self.answer(204)
                machines[name]["tags"].update(body["tags"])
                self.answer(200, {})
            do_GET = do_PUT = do_PATCH = do_DELETE = do
            def log_message(self, *a): pass
        ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), S).serve_forever()
        """

    /// The block of Lua that begins with a comment of its path.
    private static func block(_ path: String) throws -> String {
        let readme = try String(contentsOf: DriverBench.shipped.appending(path: "plugins/README.md"), encoding: .utf8)
        let mark = "```lua\n-- \(path)\n"
        let start = try #require(readme.range(of: mark)?.upperBound)
        let end = try #require(readme.range(of: "\n```", range: start..<readme.endIndex)?.lowerBound)
        return String(readme[start..<end])
    }

    @Test func itsWholeDriverPassesTheSuite() async throws {
        let bench = try DriverBench()
        let root = URL(fileURLWithPath: bench.folder.file("readme"))
        var files = ["plugins/machines/tests/service.py": Self.service]
        for path in ["plugins/machines/plugin.lua", "plugins/machines/tests/conformance.lua"] {
            files[path] = try Self.block(path)
        }
        for (path, text) in files {
            let place = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: place.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: place)
        }
        let plugin = try #require(try await Workspace.loadPlugins(folder: root, workers: bench.loading).first)
        let trial = try await PluginTrial(of: plugin, in: root, workers: bench.loading)
        let report = try await trial.run(
            plugin,
            in: root,
            secrets: SecretSource(folder: nil, environment: ["TROUPE_SECRET_MACHINES_TOKEN": "machines-secret\n"]),
            workers: bench.workers
        )
        #expect(report.passes, "\(report.text)")
        #expect(report.checks.allSatisfy { $0.outcome == .passed || $0.rule == .inertPrecheck }, "\(report.text)")
    }
}
