import Domain

// All rows together: long enough, and on one grid.
extension TraceReader {
    mutating func finish() throws(TraceError) -> DemandTrace {
        guard let start = times.first else {
            throw TraceError(
                .empty,
                file: file,
                sawHeader ? "there are no rows below the header" : "there are no rows",
                advice: "Write one timestamp,value per line"
            )
        }
        guard times.count > 1 else {
            throw TraceError(
                .tooShort,
                file: file,
                line: Int(lines[0]),
                "there is only one row",
                advice: "A backtest needs at least a day of demand; two weeks or more let the forecast learn weekdays"
            )
        }
        let step = try gridStep()
        let span = TimeSpan(milliseconds: step.milliseconds &* Int64(times.count))
        guard span >= Self.minimumSpan, times.count >= Self.minimumRows else {
            let least =
                span < Self.minimumSpan ? "at least a day" : "at least \(Self.minimumRows) rows"
            throw TraceError(
                .tooShort,
                file: file,
                "\(times.count) rows, \(Self.words(step)) apart, are \(Self.words(span)); a backtest needs \(least)",
                advice: "Take a longer span; two weeks or more let the forecast learn weekdays"
            )
        }
        guard values.contains(where: { !$0.isNaN }) else {
            throw TraceError(
                .gapsOnly,
                file: file,
                "all \(values.count) values are blank",
                advice: "Check that demand is in the second column"
            )
        }
        let name = file.split(separator: "/").last.map(String.init) ?? file
        return DemandTrace(
            name: name,
            start: Timestamp(milliseconds: start),
            step: step,
            values: values,
            text: text,
            ends: ends
        )
    }

    /// The step that most rows keep, and an error at the first row that breaks it.
    func gridStep() throws(TraceError) -> TimeSpan {
        let first = times[1] - times[0]
        guard let broken = times.indices.dropFirst().first(where: { times[$0] - times[$0 - 1] != first }) else {
            return TimeSpan(milliseconds: first)
        }
        var counts: [Int64: Int] = [:]
        for i in times.indices.dropFirst() { counts[times[i] - times[i - 1], default: 0] += 1 }
        let step = counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? first
        let at = times.indices.dropFirst().first { times[$0] - times[$0 - 1] != step } ?? broken
        let found = times[at] - times[at - 1]

        var message = "the grid breaks: \(label(at)) comes \(Self.words(found)) after the row before, where "
        message += "\(Self.words(step)) is the step of "
        message += counts[step] == times.count - 1 ? "the others" : "\(counts[step] ?? 0) of \(times.count - 1) rows"
        var advice: String
        if found % step == 0 {
            let missing = found / step - 1
            advice = "Write the \(missing == 1 ? "row" : "\(missing) rows") between them, with a blank value where "
            advice += "demand is not known (pandas: df.asfreq)"
        } else {
            advice = "Put demand on one step: sum or average what falls into each (pandas: df.resample), and leave the "
            advice += "value blank for steps without any"
        }
        if found == step + 3_600_000 || found == step - 3_600_000 {
            advice += ". If this is the change to daylight saving, write times in UTC"
        }
        throw TraceError(.irregular, file: file, line: Int(lines[at]), message, advice: advice)
    }
}
