import ArgumentParser
import Domain

struct TokenCreateCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Creates a token and prints it, this once.",
        discussion: """
            The token alone goes to standard output, all else to standard error, so that it can go straight into a file or a secret \
            store. Scopes: `agent` sends KPIs and reads what to collect; `viewer` reads; `operator` assigns personas and sends KPIs \
            too; `admin` may do everything.

              troupe token create web-agents --scope agent
              (umask 077; troupe token create grafana --scope viewer --for 90d > grafana.token)
            """
    )

    @Argument(help: "Who or what will hold it: the audit names it so.")
    var name: String

    @Option(help: "What it allows.")
    var scope: TokenScopeArgument

    @Option(name: .customLong("for"), help: "How long it is valid: 90d, 12h. (default: until it is revoked)")
    var length: SpanArgument?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Request: Encodable {
        let name: String
        let scope: String
        let duration: String?
    }

    private struct Created: Decodable {
        let text: String
        let token: TokenRow
    }

    func run(_ client: APIClient) async throws {
        let request = Request(name: name, scope: scope.rawValue, duration: length?.query)
        let reply = try await client.send(.post, ["v1", "tokens"], json: request)
        if output.json { return try Output.json(try reply.json()) }
        let created = try reply.decode(Created.self)
        let end = created.token.expiresAt.map { "until \($0.local)" } ?? "until it is revoked"
        Output.note(
            "token \(created.token.id) (\(created.token.name), \(created.token.scope)), valid \(end). It is shown this once:"
        )
        Output.line(created.text)
    }
}
