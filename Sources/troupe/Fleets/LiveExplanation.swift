import Domain
import Simulation

/// A decision of a running server, explained by it.
struct LiveExplanation: Decodable {
    let fleet: String
    let at: Moment
    let outcome: String
    let lines: [String]

    /// - Parameter time: the last decision at or before it whose trace was kept; nil = the last of all.
    static func report(_ fleet: String, at time: MomentArgument?, from client: APIClient, _ output: OutputOptions)
        async throws
    {
        let moment = time?.last.description ?? "latest"
        let reply = try await client.get(["v1", "fleets", fleet, "decisions", moment, "explain"])
        if output.json { return try Output.json(try reply.json()) }
        let explanation = try reply.decode(LiveExplanation.self)
        if let time, explanation.at.time < time.time {
            // To the second they may read the same.
            let isClose = time.time - explanation.at.time < .seconds(1)
            let (asked, found) = (Moment(time.time), explanation.at)
            Output.line(
                "No trace was kept of a decision at \(isClose ? asked.time.description : asked.local); this is the last one before it, "
                    + "of \(isClose ? found.time.description : found.local).\n"
            )
        }
        for line in explanation.lines { Output.line(line) }
    }
}
