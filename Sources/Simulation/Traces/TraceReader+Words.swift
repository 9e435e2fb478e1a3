import Domain

// What errors say.
extension TraceReader {
    func label(_ index: Int) -> String {
        String(decoding: text[(index == 0 ? 0 : ends[index - 1])..<ends[index]], as: UTF8.self)
    }

    func columns(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int, count: Int) -> TraceError {
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

    func notUTF8(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> TraceError {
        TraceError(
            .notText,
            file: file,
            line: line,
            "this line is not UTF-8 text",
            advice: "Save the file as CSV in UTF-8, for instance: iconv -f LATIN1 -t UTF-8"
        )
    }

    func quote(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> String {
        guard to - from > 40 else { return "'" + String(decoding: b[from..<to], as: UTF8.self) + "'" }
        return "'" + String(decoding: b[from..<from + 40], as: UTF8.self) + "…'"
    }

    /// `90 s`, `5 min`, `1 h`, `2 days`: the largest unit that says it exactly.
    static func words(_ span: TimeSpan) -> String {
        words(span.milliseconds)
    }

    static func words(_ ms: Int64) -> String {
        let units: [(Int64, String)] = [(86_400_000, "days"), (3_600_000, "h"), (60_000, "min"), (1000, "s")]
        for (unit, name) in units where ms != 0 && ms % unit == 0 {
            let count = ms / unit
            return name == "days" && count == 1 ? "1 day" : "\(count) \(name)"
        }
        return "\(ms) ms"
    }

    static func trim(_ b: UnsafeBufferPointer<UInt8>, _ from: Int, _ to: Int) -> (from: Int, to: Int) {
        var (from, to) = (from, to)
        while from < to, isBlank(b[from]) { from += 1 }
        while to > from, isBlank(b[to - 1]) { to -= 1 }
        return (from, to)
    }

    static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
