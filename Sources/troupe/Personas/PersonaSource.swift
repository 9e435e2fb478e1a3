import ArgumentParser
import Domain
import Foundation
import Scripting

/// Where personas are read from: a running server, or a workspace in a folder.
struct PersonaSource: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: "Read this workspace folder, not a server. (default: the server; where none runs, the current folder)",
        completion: .directory
    )
    var workspace: String?

    @OptionGroup var server: ServerOptions

    /// The personas, and how many resources play each; no counts where no server was asked.
    func read() async throws -> (personas: [PersonaRow], counts: [String: Int]?) {
        if let workspace {
            guard server.server == nil else {
                throw Failure("--workspace reads a folder and --server asks a server: give one of them")
            }
            return (try await local(workspace), nil)
        }
        do {
            return try await remote()
        } catch let error as NoServer {
            return (try await here(instead: error), nil)
        } catch let error as NoAnswer where error.isFound {
            return (try await here(instead: error), nil)
        }
    }

    /// Those of the current folder, if it is a workspace.
    private func here(instead error: any Error) async throws -> [PersonaRow] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: "policies", isDirectory: &isFolder), isFolder.boolValue else {
            throw error
        }
        let personas = try await local(".")
        Output.note("(personas of the workspace in this folder; \(error))")
        return personas
    }

    private func remote() async throws -> (personas: [PersonaRow], counts: [String: Int]?) {
        struct Page: Decodable {
            let resources: [Resource]
            struct Resource: Decodable {
                let persona: String
                let assignment: Assignment?
                struct Assignment: Decodable { let persona: String }
            }
        }
        var personas: [PersonaRow] = []
        var counts: [String: Int] = [:]
        try await server.withClient { client in
            personas = try await client.get(["v1", "personas"]).decode(PersonaRow.List.self).personas
            for resource in try await client.pages(["v1", "resources"], [], page: 5000).rows(\Page.resources) {
                counts[resource.assignment?.persona ?? resource.persona, default: 0] += 1
            }
        }
        return (personas, counts)
    }

    private func local(_ folder: String) async throws -> [PersonaRow] {
        var personas: [PersonaRow] = []
        try await withWorkspace(folder) { workspace, _ in
            personas = workspace.personas.map(PersonaRow.init)
        }
        return personas.sorted { $0.name < $1.name }
    }
}
