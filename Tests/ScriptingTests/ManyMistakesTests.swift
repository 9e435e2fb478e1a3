import Domain
import Scripting
import Testing

struct ManyMistakesTests {
    /// Fourteen mistakes in five files: each is reported, in order, and nothing is loaded.
    ///
    /// Not that `web` has no costs: the persona that it extends might give them, once its name is right.
    @Test func allAreReportedInOneRun() async throws {
        let errors = try await WorkspaceFolder([
            "policies/personas/web.lua": """
            return persona {
              name = "wbe",
              extends = "base",
              allocation = { cpu = "two", memory = "4GB" },
              startup = "90",
              templates = { ["/etc/app"] = "{{nobody}}\\n{{persona" },
            }
            """,
            "policies/fleets/shop.lua": """
            return fleet {
              name = "shop",
              driver = "kubernetes",
              personas = { "web", "web2" },
              policies = { "steady", "unsteady" },
              timezone = "Mars/Olympus",
              limits = { min = 0 },
            }
            """,
            "policies/fleets/broken.lua": "return fleet {",
            "policies/scaling/steady.lua": "error(\"not today\")",
            "policies/lib/peaks.lua": "return require(\"lib.peak\")",
        ])
        .errors()
        #expect(
            errors.map { $0.split(separator: " ", maxSplits: 2).prefix(2).joined(separator: " ") } == [
                "policies/fleets/broken.lua:1: error:",
                "policies/fleets/shop.lua:1: error:",
                "policies/fleets/shop.lua:3: error:",
                "policies/fleets/shop.lua:4: error:",
                "policies/fleets/shop.lua:5: error:",
                "policies/fleets/shop.lua:6: error:",
                "policies/lib/peaks.lua:1: error:",
                "policies/personas/web.lua:2: error:",
                "policies/personas/web.lua:3: error:",
                "policies/personas/web.lua:4: error:",
                "policies/personas/web.lua:5: error:",
                "policies/personas/web.lua:6: error:",
                "policies/personas/web.lua:7: error:",
                "policies/scaling/steady.lua:1: error:",
            ]
        )
    }

    @Test func personasInACircleAreOneMistake() async throws {
        func persona(_ name: String, extends parent: String) -> String {
            "return persona { name = \"\(name)\",\n  extends = \"\(parent)\" }"
        }
        let errors = try await WorkspaceFolder([
            "policies/personas/a.lua": persona("a", extends: "c"),
            "policies/personas/b.lua": persona("b", extends: "a"),
            "policies/personas/c.lua": persona("c", extends: "b"),
            "policies/personas/d.lua": persona("d", extends: "a"),
        ])
        .errors()
        #expect(errors == ["policies/personas/a.lua:2: error: personas extend each other in a circle: a → c → b → a"])
    }

    @Test func twoOfANameAreTwoMistakes() async throws {
        let sound = try #require(WorkspaceFolder.sound["policies/fleets/shop.lua"])
        let errors = try await WorkspaceFolder(["policies/fleets/store.lua": sound]).errors()
        #expect(
            errors == [
                "policies/fleets/store.lua:2: error: fleet \"shop\" is defined in store.lua; a file is named after what it defines, "
                    + "rename one of them",
                "policies/fleets/store.lua:2: error: there is a fleet \"shop\" already, in policies/fleets/shop.lua",
            ]
        )
    }

    /// Which persona is at fault is said once: who names it is right to do so.
    @Test func whoNamesABrokenFileIsNotToBlame() async throws {
        let errors = try await WorkspaceFolder(["policies/personas/web.lua": "return 3"]).errors()
        #expect(errors == ["policies/personas/web.lua:1: error: the script returns 3; expected return persona { … }"])
    }

    @Test func aConstructorBelongsToItsFolder() async throws {
        let sound = try #require(WorkspaceFolder.sound["policies/personas/web.lua"])
        let errors = try await WorkspaceFolder(["policies/fleets/web.lua": sound]).errors()
        #expect(errors == ["policies/fleets/web.lua:1: error: this defines a persona; expected return fleet { … }"])
    }
}
