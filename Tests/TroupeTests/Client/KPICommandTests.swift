import Domain
import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct KPICommandTests {
    /// Ten days ago, at midnight: what is older than its retention a server drops.
    private static let start = (Int64(Date().timeIntervalSince1970) / 86_400 - 10) * 86_400_000

    private func time(_ hours: Int64) -> String {
        Timestamp(milliseconds: Self.start + hours * 3_600_000).description
    }

    private func readings(_ count: Int, instance: String, every step: Int64 = 15_000) -> String {
        (0..<count)
            .map {
                "request_rate{fleet=\"shop\",instance=\"\(instance)\"} \($0 % 100) \(Self.start + Int64($0) * step)\n"
            }
            .joined()
    }

    @Test func readingsGoInAreShownAndComeOutTheSame() async throws {
        let served = try await ServedTroupe()
        let text = "# two hours\n\n" + readings(480, instance: "a") + readings(480, instance: "b")
        let file = served.folder.file("in.txt")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let imported = try await served.run("kpi", "import", file)
        #expect(imported.output == "stored: 960 readings\n", "\(imported.errors)")

        let list = try await served.run("kpi", "list", "--fleet", "shop", "--name", "request_rate")
        #expect(list.output.contains("fleet=shop,instance=a"), "\(list.output)")
        #expect(try await served.run("kpi", "list", "--name", "nothing").output.contains("no series"))
        let cut = try await served.run("kpi", "list", "--limit", "1")
        #expect(cut.errors.contains("there are more"), "\(cut.errors)")

        let window = ["--from", time(0), "--to", time(2)]
        let show = try await CommandLineTool.run(
            ["kpi", "show", "request_rate", "--fleet", "shop", "--step", "5m", "--data", served.data] + window,
            environment: ["TZ": "UTC", "LC_ALL": "C"]
        )
        for text in [
            "request_rate fleet=shop", "instance=a", "instance=b", "mean of each 5m", time(0), "|",
        ] {
            #expect(show.output.contains(text), "\(text) is missing in:\n\(show.output)\(show.errors)")
        }
        let json = try await CommandLineTool.run(
            ["kpi", "show", "request_rate", "--labels", "instance=a", "--step", "1h", "--json", "--data", served.data]
                + window
        )
        #expect((try CommandLineTool.json(json)["series"] as? [[String: Any]])?.count == 1)

        let out = served.folder.file("out.txt")
        let export = try await CommandLineTool.run(["kpi", "export", "--out", out, "--data", served.data] + window)
        #expect(export.status == 0, "\(export.errors)")
        let exported = try String(contentsOfFile: out, encoding: .utf8)
        #expect(exported.split(separator: "\n").sorted() == text.split(separator: "\n").dropFirst().sorted())
        let document = try await CommandLineTool.run(["kpi", "export", "--json", "--data", served.data] + window)
        let series = try #require(try CommandLineTool.json(document)["series"] as? [[String: Any]])
        #expect(series.reduce(0) { $0 + (($1["times"] as? [Any])?.count ?? 0) } == 960)
    }

    @Test func refusedLinesAreReportedByNumberAndTheOthersStored() async throws {
        let served = try await ServedTroupe()
        var lines = readings(60, instance: "a").split(separator: "\n").map(String.init)
        for index in 10..<40 { lines[index] = "request_rate{ x 1" }
        lines[50] = String(repeating: "a", count: 100_000)
        let file = served.folder.file("in.txt")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: file))
        let ended = try await served.run("kpi", "import", file, "--json")
        #expect(ended.status == 1)
        let json = try CommandLineTool.json(ended)
        #expect(json["samples"] as? Int == 29)
        let refused = try #require(json["refused"] as? [[String: Any]]).compactMap { $0["line"] as? Int }
        #expect(refused.sorted() == Array(11...40) + [51])
        #expect(ended.errors.contains("\(file):11: error: "), "\(ended.errors)")
    }

    @Test func aFileOfAnotherFormatEndsSoon() async throws {
        let served = try await ServedTroupe()
        let file = served.folder.file("in.csv")
        try Data(String(repeating: "timestamp,value\n", count: 5000).utf8).write(to: URL(fileURLWithPath: file))
        let ended = try await served.run("kpi", "import", file)
        #expect(ended.status == 1)
        #expect(ended.errors.contains("is enough"), "\(ended.errors.suffix(300))")
        #expect(ended.errors.split(separator: "\n").count < 110)
        let missing = try await served.run("kpi", "import", "/nowhere/in.txt")
        #expect(missing.errors.contains("/nowhere/in.txt: error:"))
        #expect(try await served.run("kpi", "show", "x", "--from", "1h", "--to", "2h").status == 64)
        #expect(try await served.run("kpi", "show", "x", "--agg", "median").status == 64)
    }

    /// More readings than the server takes or gives in one answer.
    @Test func muchGoesInAndOutInParts() async throws {
        let served = try await ServedTroupe()
        let file = served.folder.file("in.txt")
        try Data(readings(200_000, instance: "a", every: 1000).utf8).write(to: URL(fileURLWithPath: file))
        #expect(try await served.run("kpi", "import", file).output == "stored: 200000 readings\n")
        let out = served.folder.file("out.txt")
        let ended = try await served.run("kpi", "export", "--from", time(0), "--to", time(100), "--out", out)
        #expect(ended.errors.contains("200000 readings"), "\(ended.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: out)) == Data(contentsOf: URL(fileURLWithPath: file)))
    }
}
