/// A number as it is recorded: also what JSON has no number for comes back as it was.
package struct ExactNumber: Hashable, Sendable, Codable {
    package var value: Double

    package init(_ value: Double) {
        self.value = value
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            value = number
            return
        }
        switch try container.decode(String.self) {
        case "nan": value = .nan
        case "inf": value = .infinity
        case "-inf": value = -.infinity
        case let text:
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "found \"\(text)\"; expected a number, \"nan\", \"inf\" or \"-inf\""
            )
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if value.isFinite {
            try container.encode(value)
        } else {
            try container.encode(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
        }
    }
}
