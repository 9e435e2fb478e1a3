import ArgumentParser

struct PersonaAssignCommand: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign",
        abstract:
            "Assigns a persona to a resource, or to all that a selector means, for a while or until it is released.",
        discussion: """
            What is assigned lies above what was before, by priority; when it ends, that holds again. With --dry-run nothing is done, and \
            each configuration file that would differ is shown as a diff. Many resources change all or none.

              troupe persona assign security-focused web-7 --for 2h --reason probed
              troupe persona assign low-latency --fleet shop --select zone=a --dry-run
            """
    )

    @Argument(help: "Name of the persona.")
    var persona: String

    @Argument(help: "Id of a resource; without it, --fleet and --select say which are meant.")
    var resource: String?

    @Option(help: "All resources of this fleet.")
    var fleet: String?

    @Option(help: "All resources that have these labels: zone=a,tier=web.")
    var select: LabelsArgument?

    @Option(name: .customLong("for"), help: "How long: 2m, 1.5h, 14d. (default: until it is released)")
    var length: SpanArgument?

    @Option(help: "What it lies above: a higher priority wins.")
    var priority: AssignmentPriorityArgument = .person

    @Option(help: "Why, for whoever reads it later.")
    var reason: String?

    @Flag(help: "Say what would happen, with diffs of all files, and do nothing.")
    var dryRun = false

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    private struct Request: Encodable {
        let persona: String
        let fleet: String?
        let labels: [String: String]?
        let duration: String?
        let priority: String
        let reason: String?
    }

    func validate() throws {
        if resource == nil, fleet == nil, select == nil {
            throw ValidationError("Name a resource, or many: --fleet NAME, --select label=value, or both.")
        }
        if resource != nil, fleet != nil || select != nil {
            throw ValidationError("Name one resource, or many with --fleet and --select, not both.")
        }
    }

    func run(_ client: APIClient) async throws {
        let request = Request(
            persona: persona,
            fleet: fleet,
            labels: select?.labels,
            duration: length?.query,
            priority: priority.rawValue,
            reason: reason
        )
        let query = [("dry_run", dryRun ? "true" : nil)]
        let reply: APIReply
        if let resource {
            reply = try await client.send(.put, ["v1", "resources", resource, "persona"], query, json: request)
        } else {
            reply = try await client.send(.post, ["v1", "assignments"], query, json: request)
        }
        if output.json { return try Output.json(try reply.json()) }
        let effects =
            resource == nil
            ? try reply.decode(AssignmentEffectRow.List.self).effects : [try reply.decode(AssignmentEffectRow.self)]
        guard !effects.isEmpty else { throw Failure("no resource is meant: `troupe persona assign` changed nothing") }
        for line in AssignmentEffectRow.lines(effects, isDryRun: dryRun, withDiffs: dryRun, Output.style) {
            Output.line(line)
        }
    }
}

enum AssignmentPriorityArgument: String, ExpressibleByArgument, CaseIterable {
    case `default`, policy, trial, person
}
