/// A reading as `--once` prints it: in the text format of Prometheus.
enum ReadingLine {
    static func text(_ reading: Reading, fleet: String, resource: String) -> String {
        var labels: [String] = []
        if !fleet.isEmpty { labels.append("fleet=\"\(escaped(fleet))\"") }
        labels.append("instance=\"\(escaped(resource))\"")
        return "\(reading.name){\(labels.joined(separator: ","))} \(number(reading.value))"
    }

    private static func escaped(_ text: String) -> String {
        var plain = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": plain += "\\\\"
            case "\"": plain += "\\\""
            case "\n": plain += "\\n"
            default: plain.unicodeScalars.append(character)
            }
        }
        return plain
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        // Whole numbers without a fraction, as people write them.
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }
}
