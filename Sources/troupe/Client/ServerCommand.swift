import ArgumentParser

/// A command that asks a server one thing and reports it.
protocol ServerCommand: AsyncParsableCommand {
    var server: ServerOptions { get }
    var output: OutputOptions { get }

    func run(_ client: APIClient) async throws
}

extension ServerCommand {
    func run() async throws {
        try await output.reporting {
            try await server.withClient { client in try await run(client) }
        }
    }
}
