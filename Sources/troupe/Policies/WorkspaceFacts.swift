/// What can be seen of a workspace in force, to say what a change of it changed.
struct WorkspaceFacts {
    let version: WorkspaceVersionRow
    private let personas: [String: JSONDocument]

    init(_ client: APIClient) async throws {
        version = try await client.get(["v1", "workspace"]).decode(WorkspaceVersionRow.self)
        let list = try await client.get(["v1", "personas"]).json()["personas"]?.array ?? []
        personas = Dictionary(list.map { ($0["name"]?.string ?? "", $0) }) { _, last in last }
    }

    /// `fleets: + search, - batch`, a line for each kind that changed.
    func changes(to new: WorkspaceFacts) -> [String] {
        if version.digest == new.version.digest {
            return ["nothing changed: its files are those that were in force before"]
        }
        let changed = personas.keys.filter { new.personas[$0] != nil && new.personas[$0] != personas[$0] }
        let lines = [
            Self.line("fleets", version.fleets, new.version.fleets),
            Self.line("personas", Array(personas.keys), Array(new.personas.keys), changed: changed.sorted()),
            Self.line("policies", version.policies, new.version.policies),
        ]
        .compactMap(\.self)
        return lines.isEmpty ? ["the same fleets, personas and policies; their scripts changed"] : lines
    }

    private static func line(_ what: String, _ old: [String], _ new: [String], changed: [String] = []) -> String? {
        let words =
            Set(new).subtracting(old).sorted().map { "+ \($0)" } + Set(old).subtracting(new).sorted().map { "- \($0)" }
            + changed.map { "~ \($0)" }
        return words.isEmpty ? nil : "\(what): " + words.joined(separator: ", ")
    }
}
