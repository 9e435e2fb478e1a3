import ArgumentParser

struct FleetScaleCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Gives a fleet a larger minimum, a smaller maximum, or both, for a while.",
        discussion: """
            Within the limits of its script: a person's word narrows them. A larger minimum is reached at once, whatever the forecast says.

              troupe fleet scale storefront --min 50 --for 2h --reason launch
            """
    )

    @Argument(help: "Name of the fleet.")
    var fleet: String

    @Option(help: "At least so many.")
    var min: Int?

    @Option(help: "At most so many.")
    var max: Int?

    @Option(name: .customLong("for"), help: "How long: 30m, 2h, 1d. (default: until it is resumed)")
    var length: SpanArgument?

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Request: Encodable {
        let min: Int?
        let max: Int?
        let duration: String?
        let reason: String?
    }

    func validate() throws {
        if min == nil, max == nil { throw ValidationError("Say --min, --max, or both.") }
        for (name, count) in [("--min", min), ("--max", max)] {
            if let count, count < 0 { throw ValidationError("\(name) is \(count): give 0 or more.") }
        }
        if let min, let max, min > max { throw ValidationError("--min \(min) is above --max \(max).") }
    }

    func run(_ client: APIClient) async throws {
        let request = Request(min: min, max: max, duration: length?.query, reason: reason)
        let reply = try await client.send(.post, ["v1", "fleets", fleet, "scale"], json: request)
        if output.json { return try Output.json(try reply.json()) }
        Output.line(try reply.decode(OverrideRow.self).line)
    }
}
