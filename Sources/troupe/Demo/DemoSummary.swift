import Domain

/// What a demo came to.
struct DemoSummary: Encodable {
    let fleet: String
    let simulated: TimeSpan
    let decisions: Int
    let changes: Int
    /// Simulated minutes that were looked at, and those of them in which demand was above capacity.
    let minutes: Int
    let minutesShort: Int

    var lines: [String] {
        [
            "\(simulated.inWords) simulated: \(NumberText.count(decisions)) decisions recorded, \(NumberText.count(changes)) of them changed a fleet.",
            "\(fleet) had less capacity than demand in \(NumberText.count(minutesShort)) of \(NumberText.count(minutes)) minutes.",
            "",
            "Next: `troupe backtest \(fleet) --trace YOUR.csv --out report` scales it over your own demand; `troupe serve` runs it live.",
        ]
    }
}
