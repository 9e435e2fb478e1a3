/// One series that an app exposes, and its value at one scrape.
package struct ScrapedSeries: Hashable, Sendable {
    /// What makes a series itself.
    package struct Identity: Hashable, Sendable {
        /// Which of the scraped addresses exposes it.
        package var target: Int
        package var metric: String
        /// Ordered by name.
        package var labels: [LabelMatch]
    }

    package var identity: Identity
    package var value: Double

    package static let mostSeries = 20_000

    /// The series in `text` whose metric is in `metrics`. Of the others nothing is kept.
    package static func read(
        _ text: [UInt8],
        metrics: Set<String>,
        target: Int
    ) throws(ExpositionError) -> [ScrapedSeries] {
        var parser = ExpositionParser(text)
        var series: [ScrapedSeries] = []
        while try parser.next() {
            // Names are ASCII by their syntax.
            let metric = String(decoding: text[parser.name], as: UTF8.self)
            guard metrics.contains(metric) else { continue }
            guard series.count < mostSeries else {
                throw ExpositionError(
                    line: parser.sampleLine,
                    message: "more than \(mostSeries) series of the metrics asked for"
                )
            }
            var labels: [LabelMatch] = []
            for label in parser.labels {
                guard let value = parser.text(of: label) else {
                    throw ExpositionError(line: parser.sampleLine, message: "a label of \(metric) is not UTF-8")
                }
                labels.append(LabelMatch(name: String(decoding: text[label.name], as: UTF8.self), value: value))
            }
            labels.sort { $0.name < $1.name }
            let identity = Identity(target: target, metric: metric, labels: labels)
            series.append(ScrapedSeries(identity: identity, value: parser.value))
        }
        return series
    }
}

extension ScrapedSeries.Identity {
    func value(of name: String) -> String? {
        labels.first { $0.name == name }?.value
    }

    /// Whether the series has what `match` asks for.
    ///
    /// Prometheus gives `job` and `instance` to what it scrapes, so a plan that was made for its names may ask for them. Here the app is the
    /// only one there is, and they count only where it exposes them itself.
    func matches(_ match: [LabelMatch]) -> Bool {
        match.allSatisfy { wanted in
            guard let value = value(of: wanted.name) else { return wanted.name == "job" || wanted.name == "instance" }
            return value == wanted.value
        }
    }
}
