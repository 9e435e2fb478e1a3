/// What passes the network interfaces of this namespace.
struct NetworkSampler {
    private var interfaces: [String: (received: RateTrack, sent: RateTrack)] = [:]

    /// Bytes a second over all interfaces but the loopback. Each has its own counters, so one that comes or goes adds no step.
    mutating func sample(_ paths: SystemPaths, at now: AgentInstant) -> (received: Double, sent: Double)? {
        guard let text = SmallFile.text(paths.proc + "/net/dev") else { return nil }
        var sum: (received: Double, sent: Double)?
        var seen: Set<String> = []
        for line in Fields.lines(text) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = String(line[..<colon].drop(while: { $0 == " " }))
            let words = Fields.words(line[line.index(after: colon)...])
            guard name != "lo", words.count >= 9, let received = Double(words[0]), let sent = Double(words[8]) else {
                continue
            }
            seen.insert(name)
            var tracks = interfaces[name] ?? (RateTrack(), RateTrack())
            let receivedRate = tracks.received.perSecond(received, at: now)
            let sentRate = tracks.sent.perSecond(sent, at: now)
            if let receivedRate, let sentRate {
                sum = ((sum?.received ?? 0) + receivedRate, (sum?.sent ?? 0) + sentRate)
            }
            interfaces[name] = tracks
        }
        interfaces = interfaces.filter { seen.contains($0.key) }
        return sum
    }
}
