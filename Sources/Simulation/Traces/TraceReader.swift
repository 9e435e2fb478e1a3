import Domain
import Foundation

/// Reads `timestamp,value` in one pass.
///
/// A parser of its own, for two reasons: an error names the line on which it is, also after a header, blank lines and quoted cells;
/// and a hundred thousand rows take milliseconds, where splitting into strings and Foundation's date parsing take seconds.
/// The file is read in blocks, so a huge one costs what its columns cost and not its text twice.
struct TraceReader {
    private let file: String
    private var line = 0
    private var sawHeader = false
    private var values: [Double] = []
    private var times: [Int64] = []
    private var lines: [UInt32] = []
    private var text: [UInt8] = []
    private var ends: [Int] = []
    private var unquoted: [UInt8] = []

    /// The shortest trace that says anything: a day, and rows enough for a history and something to score.
    static let minimumSpan = TimeSpan.days(1)
    static let minimumRows = 10
    /// Longer lines are no rows; without a bound a file without line ends would be read whole.
    static let longestLine = 4096
    static let mostRows = 20_000_000

    init(file: String) {
        self.file = file
    }

    // MARK: - Blocks and lines

    static func read(path: String) throws(TraceError) -> DemandTrace {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw TraceError(
                .missing,
                file: path,
                "there is no such file",
                advice: "Give the path of a CSV with the columns timestamp,value"
            )
        }
        guard !isFolder.boolValue else {
            throw TraceError(
                .folder,
                file: path,
                "this is a folder",
                advice: "Name one CSV file in it; a backtest takes one trace"
            )
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw TraceError(
                .unreadable,
                file: path,
                "the file cannot be opened",
                advice: "Check that you may read it: ls -l \(path)"
            )
        }
        defer { try? handle.close() }

        var reader = TraceReader(file: path)
        var rest: [UInt8] = []
        while true {
            let block: Data?
            do { block = try handle.read(upToCount: 1 << 20) } catch {
                throw TraceError(
                    .unreadable,
                    file: path,
                    "reading failed after line \(reader.line): \(error.localizedDescription)",
                    advice: "Check the disk, then try again"
                )
            }
            guard let block, !block.isEmpty else { break }
            rest.append(contentsOf: block)
            try reader.takeLines(&rest, atEnd: false)
        }
        try reader.takeLines(&rest, atEnd: true)
        return try reader.finish()
    }

    static func read(bytes: [UInt8], file: String) throws(TraceError) -> DemandTrace {
        var reader = TraceReader(file: file)
        var rest = bytes
        try reader.takeLines(&rest, atEnd: true)
        return try reader.finish()
    }

    /// Takes the whole lines at the front of `bytes` and leaves what is begun.
    private mutating func takeLines(_ bytes: inout [UInt8], atEnd: Bool) throws(TraceError) {
        var from = 0
        var failure: TraceError?
        bytes.withUnsafeBufferPointer { b in
            if line == 0 { from = Self.afterMark(b) }
            do throws(TraceError) {
                try checkEncoding(b)
                while from < b.count {
                    let end = Self.lineEnd(b, from: from)
                    guard end < b.count || atEnd else { break }
                    try takeLine(b, from: from, to: end)
                    from = end + 1
                }
                if b.count - from > Self.longestLine { throw tooLong(line + 1) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        bytes.removeFirst(min(from, bytes.count))
    }

    private static func lineEnd(_ b: UnsafeBufferPointer<UInt8>, from: Int) -> Int {
        guard let base = b.baseAddress, let found = memchr(base + from, 10, b.count - from) else { return b.count }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Past the byte order mark that spreadsheets write.
    private static func afterMark(_ b: UnsafeBufferPointer<UInt8>) -> Int {
        b.count >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF ? 3 : 0
    }

    private func checkEncoding(_ b: UnsafeBufferPointer<UInt8>) throws(TraceError) {
        guard line == 0, b.count >= 2 else { return }
        let sixteen = (b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF) || b[0] == 0 || b[1] == 0
        if sixteen {
            throw TraceError(
                .notText,
                file: file,
                line: 1,
                "this is UTF-16 or binary, not UTF-8 text",
                advice: "Save it as CSV in UTF-8, for instance: iconv -f UTF-16 -t UTF-8"
            )
        }
        if b[0] == 0x1F && b[1] == 0x8B {
            throw TraceError(
                .notText,
                file: file,
                line: 1,
                "this is a gzip archive, not a CSV",
                advice: "Unpack it first: gunzip"
            )
        }
    }

    private func tooLong(_ line: Int) -> TraceError {
        TraceError(
            .notText,
            file: file,
            line: line,
            "a line of more than \(Self.longestLine) bytes is no row of a CSV",
            advice: "Check that the file is text with one timestamp,value per line"
        )
    }

    // MARK: - Rows

    private mutating func takeLine(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) throws(TraceError) {
        line += 1
        if to - from > Self.longestLine { throw tooLong(line) }
        let (from, to) = Self.trim(b, from, to)
        guard from < to else { return }
        if let base = b.baseAddress, memchr(base + from, Int32(UInt8(ascii: "\"")), to - from) != nil {
            try takeQuoted(Array(b[from..<to]))
        } else {
            try takeCells(b, from: from, to: to)
        }
    }

    /// Rewrites a row with quoted cells without the quotes.
    ///
    /// A comma inside of quotes belongs to no timestamp and no number that this format has, so it stays a wrong cell:
    /// it becomes a `;`.
    private mutating func takeQuoted(_ row: [UInt8]) throws(TraceError) {
        var plain: [UInt8] = []
        var inside = false
        for byte in row {
            if byte == UInt8(ascii: "\"") {
                inside.toggle()
            } else {
                plain.append(inside && byte == UInt8(ascii: ",") ? UInt8(ascii: ";") : byte)
            }
        }
        guard !inside else {
            throw TraceError(
                .columns,
                file: file,
                line: line,
                "a quoted cell does not end on its line",
                advice: "Close the quote; cells of a trace never span lines"
            )
        }
        var failure: TraceError?
        plain.withUnsafeBufferPointer { b in
            do throws(TraceError) { try takeCells(b, from: 0, to: b.count) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    private mutating func takeCells(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) throws(TraceError) {
        var comma = from
        while comma < to, b[comma] != UInt8(ascii: ",") { comma += 1 }
        let first = Self.trim(b, from, comma)
        let time = TimeText.parse(b, from: first.from, to: first.to)

        if values.isEmpty, !sawHeader, time == nil, try isHeader(b, from: from, comma: comma, to: to) {
            sawHeader = true
            return
        }
        guard comma < to else { throw columns(b, from, to, count: 1) }
        var extra = comma + 1
        while extra < to, b[extra] != UInt8(ascii: ",") { extra += 1 }
        guard extra == to else {
            throw columns(b, from, to, count: b[from..<to].count { $0 == UInt8(ascii: ",") } + 1)
        }
        guard let time else {
            throw TraceError(
                .timestamp,
                file: file,
                line: line,
                "\(quote(b, first.from, first.to)) is not a timestamp",
                advice: "Write ISO 8601 (2026-03-02T09:00:00, with or without a zone) or unix seconds or milliseconds"
            )
        }
        try checkOrder(time, b, first)
        let second = Self.trim(b, comma + 1, to)
        values.append(try value(b, second.from, second.to))
        times.append(time)
        lines.append(UInt32(clamping: line))
        text.append(contentsOf: b[first.from..<first.to])
        ends.append(text.count)
        if values.count > Self.mostRows {
            throw TraceError(
                .tooLarge,
                file: file,
                line: line,
                "more than \(Self.mostRows) rows",
                advice: "Take a shorter span or a coarser step"
            )
        }
    }

    /// A first row whose first cell is no time and whose second is no number names the columns.
    private func isHeader(
        _ b: UnsafeBufferPointer<UInt8>,
        from: Int,
        comma: Int,
        to: Int
    ) throws(TraceError) -> Bool {
        guard String(validating: b[from..<to], as: UTF8.self) != nil else { throw notUTF8(b, from, to) }
        guard comma < to else { return false }
        if b[(comma + 1)..<to].contains(UInt8(ascii: ",")) { return false }
        let second = Self.trim(b, comma + 1, to)
        guard second.from < second.to else { return false }
        return DecimalBytes.parse(b, from: second.from, to: second.to) == .notANumber
    }

    private func value(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) throws(TraceError) -> Double {
        guard from < to else { return .nan }
        switch DecimalBytes.parse(b, from: from, to: to) {
        case .value(let value) where value < 0:
            throw TraceError(
                .negative,
                file: file,
                line: line,
                "demand is \(quote(b, from, to)), below zero",
                advice: "Demand is load offered, 0 or more; leave the cell blank where it is not known"
            )
        case .value(let value):
            return value == 0 ? 0 : value
        case .notFinite:
            throw TraceError(
                .notFinite,
                file: file,
                line: line,
                "demand is \(quote(b, from, to)), not a finite number",
                advice: "Leave the cell blank where demand is not known"
            )
        case .notANumber:
            guard String(validating: b[from..<to], as: UTF8.self) != nil else { throw notUTF8(b, from, to) }
            throw TraceError(
                .number,
                file: file,
                line: line,
                "\(quote(b, from, to)) is not a number",
                advice: "Write 1234.5 (a point, no thousands separator); leave the cell blank where demand is not known"
            )
        }
    }

    private func checkOrder(
        _ time: Int64,
        _ b: UnsafeBufferPointer<UInt8>,
        _ cell: (from: Int, to: Int)
    ) throws(TraceError) {
        guard let last = times.last, time <= last else { return }
        let found = quote(b, cell.from, cell.to)
        let clock =
            last - time == 3_600_000 || (times.count > 1 && last - time + (last - times[times.count - 2]) == 3_600_000)
            ? " If this is the hour that repeats when daylight saving ends, write times in UTC." : ""
        if time == last {
            throw TraceError(
                .duplicate,
                file: file,
                line: line,
                "\(found) is there twice, on this line and the one before",
                advice: "Keep one row per step, for instance the sum or the mean of both.\(clock)"
            )
        }
        throw TraceError(
            .unsorted,
            file: file,
            line: line,
            "\(found) comes after a later time",
            advice: "Sort the rows by time, for instance with sort -t, -k1,1.\(clock)"
        )
    }

    // MARK: - The whole

    private mutating func finish() throws(TraceError) -> DemandTrace {
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
    private func gridStep() throws(TraceError) -> TimeSpan {
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

    // MARK: - Words of errors

    private func label(_ index: Int) -> String {
        String(decoding: text[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }

    private func columns(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int, count: Int) -> TraceError {
        guard String(validating: b[from..<to], as: UTF8.self) != nil else { return notUTF8(b, from, to) }
        let row = b[from..<to]
        var advice = "Keep two columns, for instance with cut -d, -f1,2"
        if count == 1 {
            if row.contains(UInt8(ascii: ";")) {
                advice = "Separate columns by commas and write decimals with a point"
            } else if row.contains(UInt8(ascii: "\t")) {
                advice = "Separate columns by commas, for instance with tr '\\t' ','"
            } else {
                advice = "Write timestamp,value; an unknown value is a blank cell after the comma"
            }
        }
        let found = count == 1 ? "1 column" : "\(count) columns"
        return TraceError(
            .columns,
            file: file,
            line: line,
            "\(found) where timestamp,value is expected: \(quote(b, from, to))",
            advice: advice
        )
    }

    private func notUTF8(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> TraceError {
        TraceError(
            .notText,
            file: file,
            line: line,
            "this line is not UTF-8 text",
            advice: "Save the file as CSV in UTF-8, for instance: iconv -f LATIN1 -t UTF-8"
        )
    }

    private func quote(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> String {
        guard to - from > 40 else { return "'" + String(decoding: b[from..<to], as: UTF8.self) + "'" }
        return "'" + String(decoding: b[from..<from + 40], as: UTF8.self) + "…'"
    }

    /// `90 s`, `5 min`, `1 h`, `2 days`: the largest unit that says it exactly.
    static func words(_ span: TimeSpan) -> String {
        words(span.milliseconds)
    }

    private static func words(_ ms: Int64) -> String {
        let units: [(Int64, String)] = [(86_400_000, "days"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
        for (unit, name) in units where ms != 0 && ms % unit == 0 {
            let count = ms / unit
            return name == "days" && count == 1 ? "1 day" : "\(count) \(name)"
        }
        return "\(ms) ms"
    }

    private static func trim(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> (from: Int, to: Int) {
        var (from, to) = (from, to)
        while from < to, isBlank(b[from]) { from += 1 }
        while to > from, isBlank(b[to - 1]) { to -= 1 }
        return (from, to)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}

extension DemandTrace {
    /// Reads a `timestamp,value` CSV: any regular grid, a blank value is a gap, a header is optional.
    package init(contentsOf path: String) throws(TraceError) {
        self = try TraceReader.read(path: path)
    }

    /// The same from bytes; `file` names them in errors.
    package init(csv bytes: [UInt8], file: String) throws(TraceError) {
        self = try TraceReader.read(bytes: bytes, file: file)
    }
}
