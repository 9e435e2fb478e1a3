import Domain
import Foundation

/// Reads `timestamp,value` in one pass.
///
/// A parser of its own, for two reasons: an error names the line on which it is, also after a header, blank lines and quoted cells;
/// and a hundred thousand rows take milliseconds, where splitting into strings and Foundation's date parsing take seconds.
/// The file is read in blocks, so a huge one costs what its columns cost and not its text twice.
struct TraceReader {
    let file: String
    var line = 0
    var sawHeader = false
    var values: [Double] = []
    var times: [Int64] = []
    var lines: [UInt32] = []
    var text: [UInt8] = []
    var ends: [Int] = []
    var unquoted: [UInt8] = []

    /// The shortest trace that says anything: a day, and rows enough for a history and something to score.
    static let minimumSpan = TimeSpan.days(1)
    static let minimumRows = 10
    /// Longer lines are no rows; without a bound a file without line ends would be read whole.
    static let longestLine = 4096
    static let mostRows = 20_000_000

    init(file: String) {
        self.file = file
    }

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
    mutating func takeLines(_ bytes: inout [UInt8], atEnd: Bool) throws(TraceError) {
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

    static func lineEnd(_ b: UnsafeBufferPointer<UInt8>, from: Int) -> Int {
        guard let base = b.baseAddress, let found = memchr(base + from, 10, b.count - from) else { return b.count }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Past the byte order mark that spreadsheets write.
    static func afterMark(_ b: UnsafeBufferPointer<UInt8>) -> Int {
        b.count >= 3 && b[0] == 0xEF && b[1] == 0xBB && b[2] == 0xBF ? 3 : 0
    }

    func checkEncoding(_ b: UnsafeBufferPointer<UInt8>) throws(TraceError) {
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

    func tooLong(_ line: Int) -> TraceError {
        TraceError(
            .notText,
            file: file,
            line: line,
            "a line of more than \(Self.longestLine) bytes is no row of a CSV",
            advice: "Check that the file is text with one timestamp,value per line"
        )
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
