import ArgumentParser
import Simulation

struct TokenListCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists the tokens, without their secrets.",
        discussion: """
              troupe token list
              troupe token list --all
            """
    )

    @Flag(help: "Expired and revoked ones too.")
    var all = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run(_ client: APIClient) async throws {
        let reply = try await client.get(["v1", "tokens"])
        if output.json { return try Output.json(try reply.json()) }
        for line in lines(try reply.decode(TokenRow.List.self).tokens, Output.style) { Output.line(line) }
    }

    private func lines(_ tokens: [TokenRow], _ style: TerminalStyle) -> [String] {
        let now = Moment.now
        var table = TextTable(columns: [
            .left("id"), .left("name"), .left("scope"), .left("created"), .left("by"), .left("last used"),
            .left("valid"),
        ])
        var hidden = 0
        for token in tokens {
            let isValid = token.isValid(at: now)
            guard all || isValid else {
                hidden += 1
                continue
            }
            table.append(
                TextTable.Row(
                    [
                        token.id, token.name, token.scope, token.createdAt.local, token.createdBy,
                        token.lastUsedAt?.relative(to: now) ?? "never", Self.validity(token, now),
                    ],
                    colour: isValid ? .normal : .dim
                )
            )
        }
        let note = "\(hidden) expired or revoked \(hidden == 1 ? "token is" : "tokens are") not shown: --all shows them"
        return table.lines(style) + (hidden > 0 ? ["", style.paint(note, .dim)] : [])
    }

    private static func validity(_ token: TokenRow, _ now: Moment) -> String {
        if let at = token.revokedAt { return "revoked \(at.relative(to: now)) by \(token.revokedBy ?? "?")" }
        guard let end = token.expiresAt else { return "until it is revoked" }
        return end > now ? "until \(end.local)" : "expired \(end.relative(to: now))"
    }
}
