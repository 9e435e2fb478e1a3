package import Domain
package import Foundation

/// Finds and reads records of a `decisions.jsonl`.
///
/// Lines are in the order of time and begin with it, so a record is found by halving the file: some twenty reads in a log of any
/// size, and no index that could be stale.
package final class DecisionLogReader {
    package struct Line: Sendable, Equatable {
        package let at: Timestamp
        /// The time as the trace writes it.
        package let time: String
        /// Whether it is the record of the very instant that was asked for, and not the last before it.
        package fileprivate(set) var exact = true
        /// The whole line.
        package let json: Data
    }

    package let path: String
    private static let advice = "Name the folder that `troupe backtest --out` wrote, or run it again."
    private let handle: FileHandle
    private let size: UInt64

    package init(path: String) throws(OutputError) {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path), let size = try? handle.seekToEnd() else {
            throw OutputError(
                path: path,
                message: "there is no decision log, or it cannot be read",
                advice: Self.advice
            )
        }
        self.handle = handle
        self.size = size
    }

    deinit { try? handle.close() }

    /// The record of an instant: the one at it, or else the last before it.
    ///
    /// nil where the log begins later, or is empty.
    package func line(at time: Timestamp) throws(OutputError) -> Line? {
        // The line in question starts in low..<high.
        var low: UInt64 = 0
        var high = size
        var best: Line?
        while low < high {
            let middle = low + (high - low) / 2
            guard let (start, line) = try firstLine(from: middle, below: high) else {
                high = middle
                continue
            }
            if line.at <= time {
                best = line
                low = start + UInt64(line.json.count) + 1
            } else {
                high = middle
            }
        }
        if let found = best { best?.exact = found.at == time }
        return best
    }

    /// The first and the last record; nil for an empty log.
    package func range() throws(OutputError) -> ClosedRange<Timestamp>? {
        guard let (_, first) = try firstLine(from: 0, below: size),
            let last = try line(at: Timestamp(milliseconds: .max))
        else { return nil }
        return min(first.at, last.at)...max(first.at, last.at)
    }

    /// Hands on each line, in order.
    package func readAll(_ body: (Line) throws -> Void) throws {
        var offset: UInt64 = 0
        while let (start, line) = try firstLine(from: offset, below: size) {
            try body(line)
            offset = start + UInt64(line.json.count) + 1
        }
    }

    /// The record of a line, as the type that was written.
    package func decode<Record: Decodable>(_ type: Record.Type, _ line: Line) throws(OutputError) -> Record {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            return try decoder.decode(Envelope<Record>.self, from: line.json).record
        } catch {
            throw OutputError(
                path: path,
                message: "the record of \(line.time) is damaged, or of another version of Troupe (\(error))",
                advice: Self.advice
            )
        }
    }

    // MARK: - Bytes

    private var block = Data()
    private var blockStart: UInt64 = 0

    /// The first line that starts at or after `offset` and before `end`, with where it starts.
    private func firstLine(from offset: UInt64, below end: UInt64) throws(OutputError) -> (UInt64, Line)? {
        var start = offset
        if offset > 0 {
            guard let before = try newline(from: offset - 1) else { return nil }
            start = before + 1
        }
        guard start < end else { return nil }
        let stop = try newline(from: start) ?? size
        guard stop > start else { return nil }
        let json = try bytes(start..<stop)
        guard let at = Self.time(of: json) else {
            throw OutputError(
                path: path,
                message: "the line at byte \(start) is not a record of a decision log",
                advice: Self.advice
            )
        }
        return (start, Line(at: at, time: Self.label(of: json) ?? TimeText.iso(at), json: json))
    }

    private func newline(from offset: UInt64) throws(OutputError) -> UInt64? {
        var at = offset
        while at < size {
            try load(at)
            let local = block[block.startIndex + Int(at - blockStart)..<block.endIndex]
            if let found = local.firstIndex(of: 10) { return blockStart + UInt64(found - block.startIndex) }
            at = blockStart + UInt64(block.count)
        }
        return nil
    }

    private func bytes(_ range: Range<UInt64>) throws(OutputError) -> Data {
        var result = Data()
        var at = range.lowerBound
        while at < range.upperBound {
            try load(at)
            let from = block.startIndex + Int(at - blockStart)
            let to = min(block.endIndex, from + Int(range.upperBound - at))
            result.append(block[from..<to])
            at += UInt64(to - from)
        }
        return result
    }

    /// Makes `block` hold the byte at `offset`.
    private func load(_ offset: UInt64) throws(OutputError) {
        if offset >= blockStart, offset < blockStart + UInt64(block.count) { return }
        do {
            try handle.seek(toOffset: offset)
            block = try handle.read(upToCount: 1 << 16) ?? Data()
            blockStart = offset
        } catch {
            throw OutputError(path: path, message: "reading failed: \(error.localizedDescription)", advice: Self.advice)
        }
        if block.isEmpty {
            throw OutputError(path: path, message: "the file became shorter while it was read", advice: Self.advice)
        }
    }

    /// The string after `"time":`.
    private static func label(of json: Data) -> String? {
        let head = Data("\"time\":\"".utf8)
        guard let found = json.range(of: head, in: json.startIndex..<min(json.endIndex, json.startIndex + 64)) else {
            return nil
        }
        var end = found.upperBound
        while end < json.endIndex, json[end] != UInt8(ascii: "\"") {
            end += json[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < json.endIndex else { return nil }
        return try? JSONDecoder().decode(String.self, from: json[(found.upperBound - 1)...end])
    }

    private static func time(of json: Data) -> Timestamp? {
        let head = Array("{\"at\":".utf8)
        guard json.starts(with: head) else { return nil }
        let digits = json.dropFirst(head.count).prefix { $0 == UInt8(ascii: "-") || ($0 >= 48 && $0 <= 57) }
        return Int64(String(decoding: digits, as: UTF8.self)).map(Timestamp.init(milliseconds:))
    }
}

private struct Envelope<Record: Decodable>: Decodable {
    let record: Record
}
