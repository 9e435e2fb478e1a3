import Foundation

/// Cuts a file of lines into batches of bounded size, reading it as it goes: it may be larger than memory.
struct LineBatches {
    struct Line: Equatable {
        /// From 1 on.
        let number: Int
        let bytes: [UInt8]
    }

    /// A line longer than this is no reading.
    static let longestLine = 64 << 10

    let mostLines: Int
    let mostBytes: Int
    private let read: () throws -> Data
    private var rest: [UInt8] = []
    private var position = 0
    private var number = 0
    private var isAtEnd = false
    /// Lines that were too long, by number; their contents are gone.
    private(set) var tooLong: [Int] = []

    /// - Parameter read: the next bytes, empty at the end.
    init(mostLines: Int = 50_000, mostBytes: Int = 6 << 20, read: @escaping () throws -> Data) {
        self.mostLines = mostLines
        self.mostBytes = mostBytes
        self.read = read
    }

    /// The next batch of lines that say something; nil at the end.
    mutating func next() throws -> [Line]? {
        var batch: [Line] = []
        var size = 0
        while batch.count < mostLines, size < mostBytes, let line = try line() {
            guard
                let first = line.first(where: {
                    $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r")
                }),
                first != UInt8(ascii: "#")
            else { continue }
            batch.append(Line(number: number, bytes: Array(line)))
            size += line.count + 1
        }
        return batch.isEmpty ? nil : batch
    }

    private mutating func line() throws -> ArraySlice<UInt8>? {
        var searched = position
        var isLong = false
        while true {
            if let end = rest[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[position..<end]
                position = end + 1
                number += 1
                if isLong || line.count > Self.longestLine {
                    tooLong.append(number)
                    return []
                }
                return line
            }
            if isAtEnd {
                guard position < rest.count || isLong else { return nil }
                let line = rest[position...]
                position = rest.count
                number += 1
                if isLong || line.count > Self.longestLine {
                    tooLong.append(number)
                    return []
                }
                return line
            }
            if rest.count - position > Self.longestLine {
                isLong = true
                position = rest.count
            }
            rest.removeFirst(position)
            position = 0
            searched = rest.count
            let more = try read()
            if more.isEmpty { isAtEnd = true }
            rest += more
        }
    }
}
