import Foundation
import FoundationNetworking
import TestSupport
import Testing

/// The example of `plugins/process`, whole: real servers behind a real nginx, measured by real agents, scaled by a real Troupe, under a
/// load that rises and falls.
struct RealFleetTests {
    @Test(
        .enabled(if: ExampleShop.nginx != nil, "there is no nginx (Debian's package nginx-light) here"),
        .timeLimit(.minutes(10))
    )
    func aFleetIsScaledAheadOfItsLoadAndNoRequestFails() async throws {
        let shop = try ExampleShop()
        try await givePast(shop)
        let server = try await RunningServer(
            workspace: shop.workspace,
            data: shop.data,
            port: shop.serverPort,
            environment: shop.environment
        )
        let token = try server.adminToken()
        let front = try await shop.start("shop-front")
        try await wait(shop, "two servers behind nginx") { shop.serving.count >= 2 }

        let load = try await ShopLoad(shop)
        try await changePersona(shop, server, token)

        // The first lows from here on, and the rises from them.
        let now = Date().timeIntervalSince1970
        let turn = ((now - load.zero) / ShopLoad.period).rounded(.up)
        let lows = (0..<2).map { load.zero + (turn + Double($0)) * ShopLoad.period }
        let end = try #require(lows.last) + ShopLoad.period / 2
        var film = ShopFilm()
        while Date().timeIntervalSince1970 < end {
            try await film.take(server, token: token)
            try await Task.sleep(for: .milliseconds(200))
        }
        try await film.develop(server, token: token)
        let result = try await load.end()
        let told = "\(shop.log(of: "shop-load").suffix(2000))\n\(server.log.suffix(4000))"

        #expect(result.failures.isEmpty && result.answered == result.sent, "\(result): \(told)")
        #expect(result.sent > 500)
        for low in lows { isAhead(film, load, low) }
        #expect(!film.scaleOuts((try #require(lows.first) - ShopLoad.period / 4)..<end).isEmpty, "\(film.decisions)")
        let counts = film.pictures.map(\.ready)
        #expect(zip(counts, counts.dropFirst()).contains { $0 < $1 }, "\(counts)")
        #expect(zip(counts, counts.dropFirst()).contains { $0 > $1 }, "\(counts)")
        #expect(film.decisions.contains { $0.outcome == "scale_in" && $0.at > load.zero })

        try await allActionsAreOver(shop, server, token)
        #expect(try await server.stop() == 0)
        try await nothingIsLeft(shop, front)
    }

    /// An hour of the load's readings, as a fleet has them that has run for an hour.
    private func givePast(_ shop: ExampleShop) async throws {
        let server = try await RunningServer(workspace: shop.workspace, data: shop.data, environment: shop.environment)
        let token = try await shop.troupe("token", "create", "shop", "--scope", "agent")
        try token.write(toFile: shop.run + "/agent-token", atomically: true, encoding: .utf8)
        let history = try await shop.start("shop-load", ["--history", "1h"] + ShopLoad.pattern)
        try await wait(shop, "the history") { !history.isRunning }
        try await shop.troupe("kpi", "import", shop.folder.file("shop-load.log"))
        #expect(try await server.stop() == 0)
        try await shop.troupe("plugin", "grant", "process", "--yes")
    }

    /// A server plays another persona for a while: its config is another one, on disk and in the running program, and is as before after.
    private func changePersona(_ shop: ExampleShop, _ server: RunningServer, _ token: String) async throws {
        // So that it is not the one to leave.
        try await shop.troupe("fleet", "scale", "shop", "--min", "3", "--max", "3", "--for", "5m", "--reason", "a look")
        var chosen: ShopFilm.Server?
        try await wait(shop, "three servers") {
            let ready = try await ShopFilm.ready(server, token: token)
            chosen = ready.first
            return ready.count == 3 && shop.serving.count == 3
        }
        let one = try #require(chosen)
        let file = "\(shop.data)/plugins/process/shop/work/\(one.id)/etc/shop.conf"
        let text = { try String(contentsOfFile: file, encoding: .utf8) }
        let before = try text()
        #expect(before.contains("persona=standard\n"))
        try await shop.troupe("persona", "assign", "careful", one.id, "--for", "5s", "--reason", "a look at one")
        try await wait(shop, "the careful config") {
            guard try text().contains("persona=careful\n") else { return false }
            return try await runs(one, persona: "careful")
        }
        try await wait(shop, "the config from before") {
            guard try text() == before else { return false }
            return try await runs(one, persona: "standard")
        }
        try await shop.troupe("fleet", "resume", "shop")
    }

    /// What the running program itself says.
    private func runs(_ server: ShopFilm.Server, persona: String) async throws -> Bool {
        let url = try #require(URL(string: "http://\(server.address)/config"))
        let (data, _) = try await URLSession.shared.data(from: url)
        let config = try JSONDecoder().decode([String: String].self, from: data)
        return config["persona"] == persona
    }

    /// In the rise that begins at `low`, all that was asked for was asked for while what there was still sufficed, and there was always
    /// enough that was ready.
    private func isAhead(_ film: ShopFilm, _ load: ShopLoad, _ low: Double) {
        let peak = low + ShopLoad.period / 2
        for out in film.scaleOuts((low - ShopLoad.period / 4)..<peak) {
            let offered = load.rate(at: out.at)
            #expect(
                offered < Double(out.current) * ExampleShop.capacity,
                "\(out.current) → \(out.target) was decided at \(offered)/s: \(out.reason)"
            )
        }
        for count in 2...4 {
            guard let needed = load.moment(after: low, exceeds: count) else { continue }
            // A start that takes longer than nineteen of twenty did may come a step of the grid late.
            let ready = film.ready(at: needed + 2) ?? 0
            #expect(ready > count, "\(count) no longer suffice at \(needed), and \(ready) were ready: \(film.pictures)")
        }
    }

    private func allActionsAreOver(_ shop: ExampleShop, _ server: RunningServer, _ token: String) async throws {
        // The load is over, and so is what was asked for, as soon as it is seen to be so.
        var open: [[String: Any]] = []
        try await wait(shop, "all actions to be over") {
            let reply = try await server.get("/v1/actions?limit=1000", token: token)
            let all = try #require(try reply.json()["actions"] as? [[String: Any]], "\(reply.text)")
            #expect(all.count > 10)
            open = all.filter { !($0["is_over"] as? Bool ?? false) }
            let odd = all.filter { ["compensated", "rejected"].contains($0["state"] as? String ?? "") }
            #expect(odd.isEmpty, "\(odd)")
            return open.isEmpty
        }
    }

    /// Ends the servers as the README says, and looks for what they or Troupe left.
    private func nothingIsLeft(_ shop: ExampleShop, _ front: ChildProcess) async throws {
        for process in shop.servers { kill(process, SIGTERM) }
        try await wait(shop, "the servers to end") { shop.servers.isEmpty }
        #expect(shop.serving.isEmpty)
        front.send(SIGTERM)
        try await wait(shop, "nginx to end") { !front.isRunning }
        try await wait(shop, "everything to be gone") { shop.strays.isEmpty }
    }

    private func wait(_ shop: ExampleShop, _ what: String, _ holds: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(180)
        while try await !holds() {
            try #require(
                ContinuousClock.now < deadline,
                "waited in vain for \(what): \(shop.log(of: "shop-front").suffix(1000)); still running: \(shop.strays.map(shop.words(of:)))"
            )
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
