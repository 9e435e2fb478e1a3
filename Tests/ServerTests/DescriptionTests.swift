import HTTPTypes
import StateStore
import TestSupport
import Testing

@testable import Server

/// `/openapi.json`.
@Suite(.inTurn)
struct DescriptionTests {
    @Test func theDocumentCoversTheRoutesAndNothingElse() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            let reply = try await client.get("/openapi.json", as: nil)
            #expect(reply.status == 200)
            #expect(reply["openapi"]?.string == "3.1.0")
            var described: Set<String> = []
            for path in reply["paths"]?.members ?? [] {
                for operation in path.value.members ?? [] { described.insert("\(operation.name) \(path.name)") }
            }
            #expect(described == Set(world.routes.map { "\($0.method.rawValue.lowercased()) \($0.path)" }))
            #expect(described.count == world.routes.count)
        }
    }

    @Test func everyReferenceLeadsSomewhere() async throws {
        try await ServerWorld()
            .test { (client) async throws in
                let document = try await client.get("/openapi.json", as: nil).json
                var references: Set<String> = []
                func walk(_ value: JSONValue) {
                    for member in value.members ?? [] {
                        if member.name == "$ref", let target = member.value.string { references.insert(target) }
                        walk(member.value)
                    }
                    for element in value.array ?? [] { walk(element) }
                }
                walk(document)
                #expect(references.count > 20)
                for reference in references {
                    let found = reference.dropFirst(2).split(separator: "/")
                        .reduce(Optional(document)) { $0?[String($1)] }
                    #expect(found != nil, "\(reference)")
                }
                var ids: Set<String> = []
                for path in document["paths"]?.members ?? [] {
                    for operation in path.value.members ?? [] {
                        let id = try #require(operation.value["operationId"]?.string)
                        #expect(ids.insert(id).inserted, "\(id)")
                    }
                }
            }
    }

    /// What the API answers is of the schema that it publishes.
    @Test func answersAreAsDescribed() async throws {
        let world = try ServerWorld()
        try await world.test { (client) async throws in
            for (path, operation) in [
                ("/v1/fleets", "listFleets"), ("/v1/fleets/storefront", "getFleet"), ("/v1/resources", "listResources"),
                ("/v1/fleets/storefront/decisions", "listDecisions"), ("/v1/personas", "listPersonas"),
                ("/v1/fleets/storefront/decisions/latest/explain", "explainDecision"),
                ("/v1/workspace", "getWorkspace"),
                ("/v1/workspace/history", "listWorkspaceVersions"), ("/v1/tokens", "listTokens"),
                ("/v1/audit", "listAudit"),
                ("/v1/agents/web-1/plan", "getCollectionPlan"), ("/v1/kpis", "listSeries"), ("/healthz", "getHealth"),
                ("/v1/kpis/window?name=a", "queryWindow"), ("/v1/kpis/export", "exportKPIs"),
                ("/readyz", "getReadiness"),
                ("/v1/resources/web-1/persona", "getPersonaOfResource"), ("/v1/resources/web-1", "getResource"),
            ] {
                let route = try #require(world.routes.first { $0.operation == operation })
                let reply = try await client.get(path)
                #expect(reply.status == 200)
                let schema = try #require(route.success.contents.first?.schema)
                #expect(schema.check(reply.json) == [], "\(path)")
            }
        }
    }
}
