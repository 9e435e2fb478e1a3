import ArgumentParser

/// Which server a command speaks to, as whom.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server: https://troupe.example:8470. (default: $TROUPE_SERVER, or the one that serves --data)",
            valueName: "url"
        )
    )
    var server: String?

    @Option(
        help: ArgumentHelp(
            "A file that holds the token. (default: the token in $TROUPE_TOKEN, or DATA/admin-token of the local server)",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    @Option(
        help: ArgumentHelp(
            "Data folder of the local server, which says there where it listens. (default: $TROUPE_DATA, or .troupe)",
            valueName: "folder"
        ),
        completion: .directory
    )
    var data: String?

    @Option(
        help: ArgumentHelp("Certificates (PEM) of the authority that signed the server's.", valueName: "file"),
        completion: .file(extensions: ["pem", "crt"])
    )
    var ca: String?

    /// Finds the server, hands a client for it on, and closes its connections whatever happens.
    func withClient(_ body: (APIClient) async throws -> Void) async throws {
        let place = try ServerPlace(self)
        if place.exposesToken {
            Output.note(
                "warning: the token crosses the network in the clear: \(place.url) is neither this machine nor https"
            )
        }
        let client = try APIClient(place)
        do {
            try await body(client)
        } catch {
            await client.close()
            throw error
        }
        await client.close()
    }
}
