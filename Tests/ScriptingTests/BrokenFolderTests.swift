import Domain
import Foundation
import Scripting
import Testing

/// What lies in the folder, before anyone understands it.
struct BrokenFolderTests {
    @Test func thereIsNoFolder() async throws {
        let folder = try WorkspaceFolder()
        try FileManager.default.removeItem(at: folder.url)
        #expect(
            try await folder.errors() == [
                "WORKSPACE: error: there is no such folder; expected a workspace: a folder that holds policies/"
            ]
        )
    }

    @Test func thereAreNoPolicies() async throws {
        let folder = try WorkspaceFolder(from: ["README.md": "Nothing here."])
        #expect(
            try await folder.errors() == [
                "policies: error: there is no folder policies/ in WORKSPACE; expected policies/personas, policies/fleets and "
                    + "policies/scaling"
            ]
        )
    }

    @Test func theWorkspaceIsEmpty() async throws {
        let folder = try WorkspaceFolder(from: ["policies/fleets/README.md": "To be done."])
        #expect(
            try await folder.errors() == [
                "policies/fleets: error: the folder is empty; expected a fleet or more, as NAME.lua",
                "policies/personas: error: there is no such folder; expected one with a persona or more in it",
            ]
        )
    }

    @Test func aFleetNeedsNoPolicy() async throws {
        let folder = try WorkspaceFolder(["policies/scaling/steady.lua": nil])
        let fleet = try #require(WorkspaceFolder.sound["policies/fleets/shop.lua"])
        try folder.write("policies/fleets/shop.lua", fleet.replacing("{ \"steady\" }", with: "{}"))
        #expect(try await folder.errors() == [])
    }

    @Test func strayFilesAndFoldersAreFound() async throws {
        let errors = try await WorkspaceFolder([
            "policies/steady.lua": "return {}",
            "policies/scalings/steady.lua": "return {}",
            "policies/scaling/notes.txt": "Ask Ada.",
            "policies/scaling/README.md": "This is fine.",
            "policies/fleets/old/shop.lua": "return {}",
        ])
        .errors()
        #expect(
            errors == [
                "policies/fleets/old: error: a folder is not looked into here; put its scripts into policies/fleets",
                "policies/scaling/notes.txt: error: this is no Lua file; expected a name that ends in .lua",
                "policies/scalings: error: unknown folder; known here: fleets, lib, personas, scaling, tests (did you mean \"scaling\"?)",
                "policies/steady.lua: error: a script is not read here; put it into policies/personas, fleets, scaling, tests or lib",
            ]
        )
    }

    @Test func aFileMustBeTextOfModestSize() async throws {
        let folder = try WorkspaceFolder()
        try folder.write(
            "policies/scaling/latin1.lua",
            Data("-- ok\n-- gr".utf8) + Data([0xfc]) + Data("n\nreturn {}".utf8)
        )
        try folder.write("policies/scaling/nul.lua", Data("return \"a\0b\"".utf8))
        try folder.write("policies/scaling/large.lua", Data(repeating: UInt8(ascii: " "), count: 65 << 10))
        #expect(
            try await folder.errors() == [
                "policies/scaling/large.lua: error: the file has 66560 bytes; expected at most 65536",
                "policies/scaling/latin1.lua:2: error: the file is not UTF-8 text; save it as UTF-8",
                "policies/scaling/nul.lua:1: error: the file is not UTF-8 text; save it as UTF-8",
            ]
        )
    }

    @Test func aFileMustBeAFile() async throws {
        let folder = try WorkspaceFolder()
        // A pipe without a writer would be read for ever.
        try #require(mkfifo(folder.url.appending(path: "policies/scaling/pipe.lua").path, 0o600) == 0)
        try folder.link("policies/scaling/nowhere.lua", to: "nothing.lua")
        try folder.link("policies/scaling/round.lua", to: "round.lua")
        #expect(
            try await folder.errors() == [
                "policies/scaling/nowhere.lua: error: this is no file that can be read; expected a Lua script",
                "policies/scaling/pipe.lua: error: this is no file that can be read; expected a Lua script",
                "policies/scaling/round.lua: error: this is no file that can be read; expected a Lua script",
            ]
        )
    }

    @Test func linksStayInside() async throws {
        let folder = try WorkspaceFolder(["policies/lib/hours.lua": "return {}"])
        try folder.link("policies/scaling/passwd.lua", to: "/etc/passwd")
        try folder.link("policies/lib/again", to: "..")
        let errors = try await folder.errors()
        #expect(
            errors == [
                "policies/lib/again: error: the folder is a link to one that it lies in; remove the link",
                "policies/scaling/passwd.lua: error: the file is a link out of the workspace; expected a file inside of it",
            ]
        )
    }

    /// As Kubernetes mounts a ConfigMap: `shop.lua` → `..data/shop.lua`.
    @Test func linksInsideAreFollowed() async throws {
        let folder = try WorkspaceFolder()
        let fleets = folder.url.appending(path: "policies/fleets")
        try FileManager.default.createDirectory(at: fleets.appending(path: "..data"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(
            at: fleets.appending(path: "shop.lua"),
            to: fleets.appending(path: "..data/shop.lua")
        )
        try folder.link("policies/fleets/shop.lua", to: "..data/shop.lua")
        #expect(try await folder.load().fleets.map(\.name) == ["shop"])
    }
}
