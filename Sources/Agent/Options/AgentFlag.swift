/// The flags that take a value.
enum AgentFlag: String, CaseIterable {
    case server = "--server"
    case tokenFile = "--token-file"
    case resource = "--resource"
    case fleet = "--fleet"
    case scrape = "--scrape"
    case interval = "--interval"
    case spool = "--spool"
    case spoolSize = "--spool-size"
    case caFile = "--ca-file"

    var isRepeatable: Bool { self == .scrape }

    var placeholder: String {
        switch self {
        case .server, .scrape: "URL"
        case .tokenFile, .caFile: "FILE"
        case .resource: "ID"
        case .fleet: "NAME"
        case .interval: "TIME"
        case .spool: "DIR"
        case .spoolSize: "SIZE"
        }
    }

    /// `--token-file` is `TROUPE_TOKEN_FILE`.
    var variable: String {
        "TROUPE_" + rawValue.dropFirst(2).uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// The flag of an argument, and its value where it is written as `--flag=value`.
    static func read(_ argument: String) throws(UsageError) -> (AgentFlag, String?) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if let name = parts.first, let flag = AgentFlag(rawValue: String(name)) {
            return (flag, parts.count > 1 ? String(parts[1]) : nil)
        }
        guard argument.hasPrefix("-") else {
            throw UsageError("“\(argument)” is not understood: every argument is a flag")
        }
        let known = allCases.map(\.rawValue) + ["--once", "--version", "--help"]
        let nearest = known.min { distance($0, argument) < distance($1, argument) }
        let hint = nearest.flatMap { distance($0, argument) <= 3 ? "; did you mean \($0)?" : nil } ?? "; see --help"
        throw UsageError("the flag “\(argument)” is unknown\(hint)")
    }

    /// How many letters have to be changed, put in or left out (Levenshtein).
    private static func distance(_ one: String, _ other: String) -> Int {
        let second = Array(other.utf8.prefix(40))
        var row = Array(0...second.count)
        for (index, letter) in one.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in second.indices {
                let change = diagonal + (second[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(change, row[column] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
