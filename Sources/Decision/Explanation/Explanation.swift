/// One decision in words, for someone on call: what was seen, what each policy looked at and asked for, each rule and rail with the
/// count before and after and why, what changes, and whether the recorded input still leads there.
///
/// Lines for a terminal: the sentence first, then sections with indented lines. Equal records give equal lines.
package func explain(_ record: DecisionRecord) -> [String] {
    var page = ExplanationPage()
    let decision = record.decision
    page.line("\(decision.fleet) at \(decision.at): \(decision.reason)")
    page.describeWhatWasSeen(record.input)
    page.describePolicies(record.input)
    page.describeSteps(record)
    page.describePlan(record)
    page.describeReplay(record)
    return page.lines
}

/// The lines so far, with the means to set more.
struct ExplanationPage {
    private(set) var lines: [String] = []

    mutating func line(_ text: String) {
        lines.append(text)
    }

    mutating func section(_ title: String) {
        lines.append("")
        lines.append(title)
    }

    /// A name and what there is to say of it, names of one width.
    mutating func entry(_ name: String, _ text: String) {
        lines.append("  " + Self.padded(name, 11) + " " + text)
    }

    mutating func item(_ text: String) {
        lines.append("  " + text)
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text.count >= width ? text : text + String(repeating: " ", count: width - text.count)
    }
}
