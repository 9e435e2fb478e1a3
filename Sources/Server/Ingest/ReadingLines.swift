import Domain
import KPIStore

/// Readings as text, one a line, as Prometheus' text format writes samples with timestamps:
///
///     request_rate{fleet="storefront",instance="web-1"} 41.5 1764000000000
///
/// Empty lines and lines that begin with `#` are passed over.
enum ReadingLines {
    static func write(_ readings: [SeriesReadings]) -> [UInt8] {
        var bytes: [UInt8] = []
        for series in readings {
            let name = Array(series.key.description.utf8)
            for index in 0..<series.samples.count {
                let sample = series.samples[index]
                bytes.append(contentsOf: name)
                bytes.append(contentsOf: " \(number(sample.value)) \(sample.at.milliseconds)\n".utf8)
            }
        }
        return bytes
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return value.description
    }

    /// - Throws: a problem that names each line that is wrong, the first 20 of them.
    static func read(_ bytes: [UInt8]) throws(Problem) -> ImportedReadings {
        var readings = ImportedReadings()
        var findings: [Schema.Finding] = []
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            var reader = LineReader(line)
            do throws(LineReader.Failure) {
                guard let reading = try reader.reading() else { continue }
                readings.append(reading.key, reading.time, reading.value)
            } catch {
                findings.append(Schema.Finding(place: "line \(number)", message: error.message))
                if findings.count == 20 { break }
            }
        }
        guard findings.isEmpty else {
            throw Problem(
                .unprocessable,
                "Nothing was stored; each wrong line is among the errors.",
                findings: findings
            )
        }
        return readings
    }
}

/// Reads one line from left to right.
private struct LineReader {
    struct Failure: Error {
        var message: String
    }

    private var rest: ArraySlice<UInt8>

    init(_ line: ArraySlice<UInt8>) {
        rest = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    }

    /// nil for a line that says nothing.
    mutating func reading() throws(Failure) -> (key: SeriesKey, time: Int64, value: Double)? {
        skipSpace()
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        let name = try text(take { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
        guard TextForm.name.accepts(name) else { throw Failure(message: "no name of a KPI at the start") }
        let labels = rest.first == UInt8(ascii: "{") ? try labels() : []
        let value = word()
        let time = word()
        guard let number = Double(value) else {
            throw Failure(message: "found \"\(value.prefix(40))\"; expected a number after the name and its labels")
        }
        guard let milliseconds = Int64(time), (0...253_402_300_799_999).contains(milliseconds) else {
            throw Failure(
                message: "found \"\(time.prefix(40))\"; expected a time in milliseconds since 1970 after the value"
            )
        }
        skipSpace()
        guard rest.isEmpty else { throw Failure(message: "there is more after the time") }
        return (SeriesKey(name, labels: labels), milliseconds, number)
    }

    private mutating func labels() throws(Failure) -> [Setting] {
        rest = rest.dropFirst()
        var labels: [Setting] = []
        while true {
            skipSpace()
            if takes(UInt8(ascii: "}")) { return labels }
            let name = try text(take { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "}") }).trimmed
            guard TextForm.name.accepts(name), takes(UInt8(ascii: "=")), takes(UInt8(ascii: "\"")) else {
                throw Failure(message: "expected a label such as zone=\"a\"")
            }
            guard labels.count < 64 else { throw Failure(message: "more than 64 labels") }
            labels.append(Setting(name: name, value: try quoted()))
            skipSpace()
            if takes(UInt8(ascii: ",")) { continue }
            guard rest.first == UInt8(ascii: "}") else { throw Failure(message: "expected a comma or } after a label") }
        }
    }

    private mutating func quoted() throws(Failure) -> String {
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return try text(bytes[...])
            case UInt8(ascii: "\\"):
                switch rest.popFirst() {
                case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
                case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
                default: throw Failure(message: "an unknown escape in a label's value")
                }
            default: bytes.append(byte)
            }
        }
        throw Failure(message: "a label's value without its closing quote")
    }

    private mutating func skipSpace() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private mutating func word() -> String {
        skipSpace()
        return String(decoding: take { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }, as: UTF8.self)
    }

    private mutating func take(while isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let taken = rest.prefix(while: isPart)
        rest = rest.dropFirst(taken.count)
        return taken
    }

    private mutating func takes(_ byte: UInt8) -> Bool {
        guard rest.first == byte else { return false }
        rest = rest.dropFirst()
        return true
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(message: "not UTF-8") }
        return text
    }
}
