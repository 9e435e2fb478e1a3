/// Chooses a content type by the `Accept` header.
enum Negotiation {
    /// The first of `offered` that has the highest quality; nil where none is acceptable.
    static func choose(_ accept: String?, _ offered: [MediaKind]) -> MediaKind? {
        guard let accept, !accept.trimmed.isEmpty else { return offered.first }
        let ranges = accept.split(separator: ",").prefix(64).map { Range(String($0)) }
        var best: (type: MediaKind, quality: Double)?
        for type in offered {
            let quality = quality(of: type.essence, in: ranges)
            if quality > best?.quality ?? 0 { best = (type, quality) }
        }
        return best?.type
    }

    /// One of the header's ranges: `text/*;q=0.5`.
    private struct Range {
        var type: String
        var quality: Double

        init(_ text: String) {
            let parts = text.split(separator: ";").map(\.trimmed)
            type = (parts.first ?? "").lowercased()
            quality = 1
            for part in parts.dropFirst() where part.lowercased().hasPrefix("q=") {
                quality = Double(part.dropFirst(2)) ?? 0
            }
        }

        /// How exactly the range means a type: 0 not at all, 3 exactly.
        func precision(_ essence: String) -> Int {
            if type == essence { return 3 }
            if type.hasSuffix("/*"), essence.hasPrefix(type.dropLast()) { return 2 }
            return type == "*/*" || type == "*" ? 1 : 0
        }
    }

    private static func quality(of essence: String, in ranges: [Range]) -> Double {
        var best: (precision: Int, quality: Double) = (0, 0)
        for range in ranges {
            let precision = range.precision(essence)
            if precision > best.precision { best = (precision, range.quality) }
        }
        return best.quality
    }
}
