import Foundation
import TestSupport
import Testing

@Suite(.inTurn)
struct WorkspaceCommandTests {
    @Test func aWorkspaceIsLoadedListedAndTakenBack() async throws {
        let served = try await ServedTroupe()
        let other = served.folder.file("other")
        try FileManager.default.copyItem(atPath: served.workspace, toPath: other)
        let same = try await served.run("policy", "load", other)
        #expect(same.status == 0, "\(same.errors)")
        #expect(same.output.contains("nothing changed"), "\(same.output)")

        try Data(ServedTroupe.persona("safe", perHour: "9").utf8)
            .write(to: URL(fileURLWithPath: "\(other)/policies/personas/safe.lua"))
        try Data(ServedTroupe.persona("new", perHour: "1").utf8)
            .write(to: URL(fileURLWithPath: "\(other)/policies/personas/new.lua"))
        let changed = try await served.run("policy", "load", other, "--reason", "dearer")
        #expect(changed.output.contains("version 3 is in force (before: 2)"), "\(changed.output)\(changed.errors)")
        #expect(changed.output.contains("personas: + new, ~ safe"), "\(changed.output)")

        let history = try await served.run("policy", "history")
        let first = try #require(history.output.split(separator: "\n").first { $0.contains("in force") })
        #expect(first.contains("dearer") && first.contains("local-admin"))

        let back = try await served.run("policy", "rollback", "--reason", "no")
        #expect(back.output.contains("personas: - new, ~ safe"), "\(back.output)\(back.errors)")
        #expect(try await served.run("policy", "history", "--limit", "1").output.contains("in force: version 2"))
        let unknown = try await served.run("policy", "rollback", "99")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("no workspace version 99"), "\(unknown.errors)")
        #expect(try await served.run("policy", "rollback", "0").status == 64)
    }

    @Test func everyMistakeOfAWorkspaceIsReportedWithItsPlaceAndNothingIsLoaded() async throws {
        let served = try await ServedTroupe()
        let other = served.folder.file("other")
        try FileManager.default.copyItem(atPath: served.workspace, toPath: other)
        try Data("return persona { name = \"safe\", cots = 1 }".utf8)
            .write(to: URL(fileURLWithPath: "\(other)/policies/personas/safe.lua"))
        try Data("return {".utf8).write(to: URL(fileURLWithPath: "\(other)/policies/scaling/quiet.lua"))
        let ended = try await served.run("policy", "load", other)
        #expect(ended.status == 1)
        for text in [
            "policies/personas/safe.lua:1: error: unknown key cots", "did you mean \"cost\"",
            "policies/scaling/quiet.lua:1: error:",
            "nothing of it was loaded", "[422, request ",
        ] { #expect(ended.errors.contains(text), "\(text) is missing in:\n\(ended.errors)") }
        #expect(try await served.run("policy", "history").output.contains("1  in force"))

        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: "\(other)/policies/scaling/quiet.lua"))
        let bytes = try await served.run("policy", "load", other)
        #expect(bytes.errors.contains("policies/scaling/quiet.lua: error: the file is not UTF-8"), "\(bytes.errors)")
        let nowhere = try await served.run("policy", "load", "/nowhere")
        #expect(nowhere.errors.contains("no folder policies/"), "\(nowhere.errors)")
    }
}
