/// Why a text is not in Prometheus' exposition format.
package struct ExpositionError: Error, Hashable, Sendable, CustomStringConvertible {
    package var line: Int
    package var message: String

    package var description: String { "line \(line): \(message)" }
}

/// Reads the text format that Prometheus scrapes (version 0.0.4), sample by sample, where it lies.
///
/// Comments, `HELP` and `TYPE` are passed over; timestamps and OpenMetrics' exemplars are checked for nothing and dropped: the agent stamps
/// what it sees. As in Prometheus one malformed line refuses the whole text, since what produced it cannot be trusted with the rest.
package struct ExpositionParser {
    /// A label as it lies in the text.
    package struct Label {
        let name: Range<Int>
        let value: Range<Int>
        /// Whether the value has escapes.
        let isEscaped: Bool
    }

    package static let mostLabels = 64

    package let bytes: [UInt8]
    private var at = 0
    private var line = 1
    /// Of the sample that `next` found, as is all below.
    package private(set) var sampleLine = 0
    package private(set) var name = 0..<0
    package private(set) var labels: [Label] = []
    package private(set) var value = 0.0

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Goes to the next sample; false at the end.
    package mutating func next() throws(ExpositionError) -> Bool {
        while at < bytes.count {
            skipSpace()
            guard let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "#") else {
                endLine()
                continue
            }
            sampleLine = line
            try readSample()
            endLine()
            return true
        }
        return false
    }

    /// The value of a label of the sample that `next` found, without its escapes. Nil where it is not UTF-8.
    package func text(of label: Label) -> String? {
        guard label.isEscaped else { return String(validating: bytes[label.value], as: UTF8.self) }
        var plain: [UInt8] = []
        var isEscape = false
        for byte in bytes[label.value] {
            if isEscape {
                // `\\`, `\"` and `\n` are all there are; another one stands for itself, as in Prometheus.
                if byte == UInt8(ascii: "n") {
                    plain.append(UInt8(ascii: "\n"))
                } else {
                    if byte != UInt8(ascii: "\\"), byte != UInt8(ascii: "\"") { plain.append(UInt8(ascii: "\\")) }
                    plain.append(byte)
                }
                isEscape = false
            } else if byte == UInt8(ascii: "\\") {
                isEscape = true
            } else {
                plain.append(byte)
            }
        }
        return String(validating: plain, as: UTF8.self)
    }

    private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

    private func error(_ message: String) -> ExpositionError {
        ExpositionError(line: line, message: message)
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0D { at += 1 }
    }

    private mutating func endLine() {
        while let byte = current, byte != UInt8(ascii: "\n") { at += 1 }
        at += 1
        line += 1
    }

    private mutating func readSample() throws(ExpositionError) {
        name = try identifier("a metric's name", colons: true)
        labels.removeAll(keepingCapacity: true)
        skipSpace()
        if current == UInt8(ascii: "{") {
            at += 1
            try readLabels()
        }
        skipSpace()
        value = try readValue()
        skipSpace()
        // A timestamp, and an exemplar behind `#`.
        if let byte = current, byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "#") {
            _ = try readValue()
            skipSpace()
        }
        guard current == nil || current == UInt8(ascii: "\n") || current == UInt8(ascii: "#") else {
            throw error("something follows the value")
        }
    }

    private mutating func identifier(_ what: String, colons: Bool) throws(ExpositionError) -> Range<Int> {
        let start = at
        while let byte = current, Self.isWord(byte) || colons && byte == UInt8(ascii: ":") { at += 1 }
        guard at > start, bytes[start] &- 0x30 >= 10 else { throw error("expected \(what)") }
        return start..<at
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (byte | 32) &- UInt8(ascii: "a") < 26 || byte &- 0x30 < 10 || byte == UInt8(ascii: "_")
    }

    private mutating func readLabels() throws(ExpositionError) {
        while true {
            skipSpace()
            if current == UInt8(ascii: "}") { break }
            let name = try identifier("a label's name", colons: false)
            skipSpace()
            guard current == UInt8(ascii: "=") else { throw error("expected = behind a label's name") }
            at += 1
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("expected a label's value in quotation marks") }
            at += 1
            let start = at
            var isEscaped = false
            while let byte = current, byte != UInt8(ascii: "\"") {
                guard byte != UInt8(ascii: "\n") else { break }
                if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                    at += 1
                }
                at += 1
            }
            guard current == UInt8(ascii: "\"") else { throw error("a label's value does not end") }
            guard labels.count < Self.mostLabels else { throw error("more than \(Self.mostLabels) labels") }
            labels.append(Label(name: name, value: start..<at, isEscaped: isEscaped))
            at += 1
            skipSpace()
            if current == UInt8(ascii: ",") {
                at += 1
            } else if current != UInt8(ascii: "}") {
                throw error("expected a comma or } behind a label")
            }
        }
        at += 1
    }

    private mutating func readValue() throws(ExpositionError) -> Double {
        let start = at
        while let byte = current, byte > 0x20, byte != UInt8(ascii: "#") { at += 1 }
        // Longer than any number that a program prints; keeps `Double` from looking at a megabyte.
        guard at - start <= 64, let value = Double(String(decoding: bytes[start..<at], as: UTF8.self)) else {
            throw error("expected a number")
        }
        return value
    }
}
