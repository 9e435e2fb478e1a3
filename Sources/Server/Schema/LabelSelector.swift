import Domain

/// Labels that must all be there: `zone=a,tier=web`.
struct LabelSelector: Sendable {
    /// Sorted by name.
    let labels: [Setting]

    static let maximumCount = 16

    /// nil where the text is not of this form.
    init?(_ text: String) {
        var labels: [Setting] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, TextForm.isPlain(sides[0].unicodeScalars, 1...256),
                TextForm.isPlain(sides[1].unicodeScalars, 0...1024)
            else { return nil }
            labels.append(Setting(name: String(sides[0]), value: String(sides[1])))
        }
        guard (1...Self.maximumCount).contains(labels.count) else { return nil }
        self.labels = labels.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
