import ArgumentParser
import Domain

struct TokenRevokeCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revokes a token, at once.",
        discussion: """
              troupe token revoke grafana
            """
    )

    @Argument(help: "Id of a token, or the name of one that is valid.")
    var token: String

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let tokens = try await client.get(["v1", "tokens"]).decode(TokenRow.List.self).tokens
        let now = Moment.now
        // Of one name there is one valid token at most.
        guard
            let found = tokens.first(where: { $0.id == token })
                ?? tokens.first(where: { $0.name == token && $0.isValid(at: now) })
        else {
            let names = tokens.filter { $0.isValid(at: now) }.map(\.name)
            let nearest = NearestWord.find(token, among: names).map { " (did you mean \"\($0)\"?)" } ?? ""
            throw Failure("there is no valid token \"\(token)\"\(nearest). `troupe token list` lists them.")
        }
        let reply = try await client.send(.delete, ["v1", "tokens", found.id])
        if output.json { return try Output.json(try reply.json()) }
        let row = try reply.decode(TokenRow.self)
        Output.line("revoked: \(row.name) (\(row.id), \(row.scope)); whoever holds it is refused from now on")
    }
}
