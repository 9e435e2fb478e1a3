import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct BacktestCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func trace(_ text: String, named name: String = "trace.csv") throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
        return folder.file(name)
    }

    @Test func endsInATableAndWritesItsOutputs() async throws {
        let path = try trace(Demand.csv())
        let out = folder.file("report")
        let ended = try await CommandLineTool.run([
            "backtest", "storefront", "--trace", path, "--policy", "forecast-only", "--out", out,
        ])
        #expect(ended.status == 0, "\(ended.errors)")
        for row in ["forecast-only", "HPA 50 %", "HPA 70 %", "HPA 90 %", "static peak", "clairvoyant"] {
            #expect(ended.output.contains(row))
        }
        // The limits in force are named.
        #expect(ended.output.contains("min 2"))
        #expect(ended.output.contains("step up 100 %"))

        let timeline = try String(contentsOfFile: "\(out)/timeline.csv", encoding: .utf8)
        #expect(timeline.hasPrefix("timestamp,ready,billed\n2026-03-04T00:00:00,"))
        #expect(timeline.split(separator: "\n").count == 1 + 2 * 144)
        let report = try String(contentsOfFile: "\(out)/report.html", encoding: .utf8)
        #expect(
            !report.contains("src=\"http") && !report.contains("href=\"http"),
            "the report needs nothing but itself"
        )
    }

    @Test func twoRunsAreEqualToTheByte() async throws {
        let path = try trace(Demand.csv())
        var runs: [[Data]] = []
        for name in ["one", "two"] {
            try await CommandLineTool.run(["backtest", "storefront", "--trace", path, "--out", folder.file(name)])
            runs.append(
                try ["timeline.csv", "decisions.jsonl", "report.html"]
                    .map {
                        try Data(contentsOf: URL(fileURLWithPath: folder.file("\(name)/\($0)")))
                    }
            )
        }
        #expect(runs[0] == runs[1])
    }

    @Test func decisionsAreExplainedFromWhatWasWritten() async throws {
        let path = try trace(Demand.csv())
        let out = folder.file("report")
        try await CommandLineTool.run(["backtest", "storefront", "--trace", path, "--out", out])
        let ended = try await CommandLineTool.run(["explain", out, "2026-03-04T09:00:00"])
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("latency-guard"))
        let json = try CommandLineTool.json(
            try await CommandLineTool.run(["explain", out, "2026-03-04T09:05:00", "--json"])
        )
        #expect(json["reproduced"] as? Bool == true)
        #expect(json["time"] as? String == "2026-03-04T09:00:00")

        let early = try await CommandLineTool.run(["explain", out, "2020-01-01"])
        #expect(early.status == 1)
        #expect(early.errors.contains("2026-03-04T00:00:00"), "says when the log begins: \(early.errors)")
        let nonsense = try await CommandLineTool.run(["explain", out, "yesterday"])
        #expect(nonsense.status == 1)
        #expect(nonsense.errors.contains("\"yesterday\" is no time"))
        let nothing = try await CommandLineTool.run(["explain", folder.file("nothing"), "2026-03-04T09:00:00"])
        #expect(nothing.status == 1)
        #expect(nothing.errors.contains("decisions.jsonl"))
    }

    @Test func aDamagedDecisionLogIsSaidSo() async throws {
        try Data("{\"at\":1000,\"time\":\"x\",\"record\":{\"input\":7}}\n".utf8)
            .write(to: URL(fileURLWithPath: folder.file("decisions.jsonl")))
        let ended = try await CommandLineTool.run(["explain", folder.path, "2026-03-04T09:00:00"])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("decisions.jsonl") && ended.errors.contains("error: "), "\(ended.errors)")
    }

    /// What is wrong with a trace, and what its error must say.
    static let badTraces: [(name: String, text: String?, expected: [String])] = [
        ("missing", nil, ["there is no such file"]),
        ("empty", "", ["error:"]),
        ("no rows", "timestamp,value\n", ["no rows"]),
        ("unsorted", Demand.csv { $0.swapAt(7, 8) }, [":8: error:", ":9: error:"]),
        ("duplicate", Demand.csv { $0.insert($0[20], at: 20) }, [":22: error:"]),
        (
            "irregular",
            Demand.csv { $0[30] = $0[30].replacing(":40:00", with: ":41:00").replacing(":50:00", with: ":51:00") },
            [":31: error:"]
        ),
        ("text", Demand.csv { $0[40] = $0[40].split(separator: ",")[0] + ",many" }, [":41: error:", "many"]),
        ("negative", Demand.csv { $0[50] = $0[50].split(separator: ",")[0] + ",-3" }, [":51: error:", "-3"]),
        ("NaN", Demand.csv { $0[60] = $0[60].split(separator: ",")[0] + ",NaN" }, [":61: error:"]),
        ("infinite", Demand.csv { $0[70] = $0[70].split(separator: ",")[0] + ",inf" }, [":71: error:"]),
        ("short", Demand.csv { $0 = Array($0.prefix(100)) }, ["error:", "day"]),
    ]

    @Test(arguments: badTraces.indices)
    func aBadTraceIsExplained(_ index: Int) async throws {
        let (name, text, expected) = Self.badTraces[index]
        let path = try text.map { try trace($0) } ?? folder.file("missing.csv")
        let ended = try await CommandLineTool.run([
            "backtest", "storefront", "--trace", path, "--out", folder.file("out"),
        ])
        #expect(ended.status == 1, "\(name)")
        #expect(ended.errors.contains(path), "\(name): names the file: \(ended.errors)")
        // Of unsorted rows either one may be named.
        let all =
            name == "unsorted"
            ? expected.contains(where: ended.errors.contains) : expected.allSatisfy(ended.errors.contains)
        #expect(all, "\(name): \(ended.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.file("out")), "\(name): nothing is half written")
    }

    @Test func aWrongNameSuggestsTheRightOne() async throws {
        let path = try trace(Demand.csv())
        let fleet = try await CommandLineTool.run(["backtest", "storefrnt", "--trace", path])
        #expect(fleet.status == 1)
        #expect(fleet.errors.contains("did you mean \"storefront\"?"))
        let policy = try await CommandLineTool.run([
            "backtest", "storefront", "--trace", path, "--policy", "forecast-olny",
        ])
        #expect(policy.status == 1)
        #expect(policy.errors.contains("did you mean \"forecast-only\"?"))
    }

    @Test(arguments: [
        ["--resources", "0"], ["--resources", "many"], ["--lead", "0"], ["--lead", "-5"], ["--limits", "none"],
        ["--sped", "3"],
    ])
    func aWrongOptionIsAUsageError(_ option: [String]) async throws {
        let ended = try await CommandLineTool.run(["backtest", "storefront", "--trace", "x.csv"] + option)
        #expect(ended.status == 64)
        #expect(ended.errors.contains("Usage:"))
    }

    @Test func anOutputThatCannotBeWrittenIsSaidSo() async throws {
        let path = try trace(Demand.csv())
        let ended = try await CommandLineTool.run([
            "backtest", "storefront", "--trace", path, "--out", "\(path)/report",
        ])
        #expect(ended.status == 1)
        #expect(ended.errors.contains("\(path)/report"))
    }

    @Test func aFolderOfTracesIsATable() async throws {
        _ = try trace(Demand.csv(), named: "a.csv")
        _ = try trace(Demand.csv(days: 6), named: "b.csv")
        _ = try trace("timestamp,value\n", named: "c.csv")
        let ended = try await CommandLineTool.run([
            "backtest", "storefront", "--policy", "forecast-only", "--trace", folder.path,
        ])
        // One that cannot be used does not keep the others from being run, but it is no success.
        #expect(ended.status == 1)
        #expect(ended.errors.contains("c.csv"))
        for row in ["a.csv", "b.csv", "ratio: median"] { #expect(ended.output.contains(row), "\(ended.output)") }
    }

    @Test func theTableIsJSONWhereAsked() async throws {
        let path = try trace(Demand.csv())
        let json = try CommandLineTool.json(
            try await CommandLineTool.run([
                "backtest", "storefront", "--trace", path, "--policy", "forecast-only", "--json",
            ])
        )
        let rows = try #require((json["comparison"] as? [String: Any])?["rows"] as? [[String: Any]])
        #expect(
            rows.map { $0["name"] as? String } == [
                "forecast-only", "HPA 50 %", "HPA 70 %", "HPA 90 %", "static peak", "clairvoyant",
            ]
        )
    }
}
