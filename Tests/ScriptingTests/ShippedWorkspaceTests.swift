import Domain
import Foundation
import ScriptProtocol
import Testing

@testable import Scripting

/// The workspace that comes with Troupe is what people start from.
struct ShippedWorkspaceTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func load() async throws -> Workspace {
        try await Workspace.load(folder: Self.folder, workers: try TestWorkers.pool())
    }

    @Test func itLoads() async throws {
        let workspace = try await load()
        #expect(
            workspace.personas.map(\.name) == [
                "background-task", "base", "high-throughput", "low-latency", "security-focused",
            ]
        )
        #expect(workspace.fleets.map(\.name) == ["batch", "ingest", "storefront"])
        #expect(
            workspace.policies.map(\.name) == ["business-hours", "forecast-only", "latency-guard", "queue-drain"]
        )
        #expect(workspace.tests.map(\.script.name) == workspace.policies.map { "policies/tests/\($0.name)_test.lua" })
    }

    @Test func everyPersonaIsWhole() async throws {
        for persona in try await load().personas {
            #expect(persona.allocation.cpu != nil && persona.allocation.memoryBytes != nil)
            #expect(persona.allocation.bandwidthBitsPerSecond != nil)
            #expect(persona.kpis.contains { $0.objective != nil })
            for template in persona.templates {
                let text = try TemplateRendering.render(
                    template,
                    with: TemplateFacts(persona: persona, fleet: "storefront", resource: "web-1")
                )
                #expect(!text.contains("{{") && text.hasSuffix("\n"), "\(persona.name): \(template.path)")
            }
        }
    }

    /// What the benchmark pays: 1 for a resource's hour, 20 for an hour short of one.
    @Test func theStorefrontIsSizedForNineteenOfTwentyCases() async throws {
        let workspace = try await load()
        let fleet = try #require(workspace.fleet("storefront"))
        let persona = try #require(workspace.personas(of: fleet).first)
        #expect(persona.name == "low-latency")
        #expect(abs(persona.cost.quantile - 0.95) < 1e-12)
    }

    @Test func onlyTheQueueMayEmptyItsFleet() async throws {
        let fleets = try await load().fleets
        #expect(fleets.filter { $0.limits.min == 0 }.map(\.name) == ["batch"])
        #expect(fleets.allSatisfy { $0.limits.max != nil })
    }

    @Test func whatAPersonaLeavesOutComesFromBase() async throws {
        let workspace = try await load()
        let base = try #require(workspace.persona("base"))
        let guarded = try #require(workspace.persona("security-focused"))
        #expect(guarded.extends == "low-latency")
        #expect(guarded.startup == workspace.persona("low-latency")?.startup)
        #expect(guarded.capacity == [KPIAmount(kpi: "request_rate", amount: 70)])
        let environment = try #require(base.templates.first { $0.path == "/etc/troupe/persona.env" })
        #expect(workspace.personas.allSatisfy { $0.templates.contains(environment) })
    }
}
