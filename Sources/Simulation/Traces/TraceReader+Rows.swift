import Foundation

// One row: its cells, and whether it may follow the one before.
extension TraceReader {
    mutating func takeLine(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) throws(TraceError) {
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
    mutating func takeQuoted(_ row: [UInt8]) throws(TraceError) {
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

    mutating func takeCells(_ b: UnsafeBufferPointer<UInt8>, from: Int, to: Int) throws(TraceError) {
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
    func isHeader(
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

    func value(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) throws(TraceError) -> Double {
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

    func checkOrder(
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
}
