import ArgumentParser

struct FleetPauseCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Pauses a fleet, or all: nothing changes by itself, or nothing in one direction.",
        discussion: """
            It ends by itself with --for, or with `troupe fleet resume`. Every decision meanwhile says in its trace who paused it and why.

              troupe fleet pause storefront --for 2h --reason "database migration"
              troupe fleet pause storefront --direction in
              troupe fleet pause --all --reason incident-42
            """
    )

    @Argument(help: "Name of the fleet.")
    var fleet: String?

    @Flag(help: "Every fleet, those to come included.")
    var all = false

    @Option(help: "all: nothing changes; out: nothing is added; in: nothing is removed.")
    var direction: PauseArgument = .all

    @Option(name: .customLong("for"), help: "How long: 30m, 2h, 1d. (default: until it is resumed)")
    var length: SpanArgument?

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Request: Encodable {
        let direction: String
        let duration: String?
        let reason: String?
    }

    func validate() throws { try FleetOrAll.check(fleet, all) }

    func run(_ client: APIClient) async throws {
        let request = Request(direction: direction.rawValue, duration: length?.query, reason: reason)
        let reply = try await client.send(.post, FleetOrAll.path(fleet, "pause"), json: request)
        if output.json { return try Output.json(try reply.json()) }
        Output.line(try reply.decode(OverrideRow.self).line)
    }
}

enum PauseArgument: String, ExpressibleByArgument, CaseIterable {
    case all, out, `in`
}

/// A fleet by name, or all of them: one of both has to be said.
enum FleetOrAll {
    static func check(_ fleet: String?, _ all: Bool) throws {
        if fleet == nil, !all { throw ValidationError("Name a fleet, or say --all.") }
        if fleet != nil, all { throw ValidationError("Name a fleet or say --all, not both.") }
    }

    static func path(_ fleet: String?, _ verb: String) -> [String] {
        fleet.map { ["v1", "fleets", $0, verb] } ?? ["v1", verb]
    }
}
