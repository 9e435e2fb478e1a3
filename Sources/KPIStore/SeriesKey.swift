package import Domain

/// What a time series is called: a KPI's name and its labels.
package struct SeriesKey: Hashable, Sendable {
    package let name: String
    /// Sorted by name (by Unicode scalars), each name once.
    package let labels: [Setting]

    /// Sorts the labels; of several with one name, the last stays.
    package init(_ name: String, labels: [Setting] = []) {
        self.name = name
        guard labels.count > 1 else {
            self.labels = labels
            return
        }
        var sorted: [Setting] = []
        sorted.reserveCapacity(labels.count)
        // The sort of the standard library is stable: of equal names the later one comes later, and replaces.
        for label in labels.sorted(by: { $0.name < $1.name }) {
            if sorted.last?.name == label.name { sorted.removeLast() }
            sorted.append(label)
        }
        self.labels = sorted
    }

    /// The value of a label, nil where the series does not have it.
    package func label(_ name: String) -> String? {
        labels.first { $0.name == name }?.value
    }
}

extension SeriesKey: Comparable {
    package static func < (a: SeriesKey, b: SeriesKey) -> Bool {
        if a.name != b.name { return a.name < b.name }
        for (x, y) in zip(a.labels, b.labels) where x != y {
            return x.name != y.name ? x.name < y.name : x.value < y.value
        }
        return a.labels.count < b.labels.count
    }
}

extension SeriesKey: CustomStringConvertible {
    /// As Prometheus writes it: `request_rate{fleet="storefront",instance="web-1"}`.
    package var description: String {
        guard !labels.isEmpty else { return name }
        let inside = labels.map { label in
            let value = label.value.reduce(into: "") { text, character in
                switch character {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.append(character)
                }
            }
            return "\(label.name)=\"\(value)\""
        }
        return "\(name){\(inside.joined(separator: ","))}"
    }
}

/// A series of one open store, as `intern` handed it out.
///
/// It means nothing to another store or after a restart.
package struct SeriesID: Hashable, Sendable {
    let slot: Int
}

/// Which series are meant: a KPI by name (or any), and conditions on labels, all of which must hold.
package struct SeriesSelector: Hashable, Sendable {
    /// A condition on one label.
    ///
    /// A label that a series does not have counts as empty, as in Prometheus.
    package enum Matcher: Hashable, Sendable {
        case equal(label: String, value: String)
        case notEqual(label: String, value: String)
        case oneOf(label: String, values: [String])
        case hasPrefix(label: String, prefix: String)
    }

    package var name: String?
    package var matchers: [Matcher]

    package init(name: String? = nil, matchers: [Matcher] = []) {
        self.name = name
        self.matchers = matchers
    }

    /// The series of `name` whose labels include all of `labels`.
    package init(name: String?, labels: [Setting]) {
        self.init(name: name, matchers: labels.map { .equal(label: $0.name, value: $0.value) })
    }

    package func matches(_ key: SeriesKey) -> Bool {
        if let name, name != key.name { return false }
        return matchers.allSatisfy { matcher in
            switch matcher {
            case .equal(let label, let value): (key.label(label) ?? "") == value
            case .notEqual(let label, let value): (key.label(label) ?? "") != value
            case .oneOf(let label, let values): values.contains(key.label(label) ?? "")
            case .hasPrefix(let label, let prefix): (key.label(label) ?? "").hasPrefix(prefix)
            }
        }
    }
}
