package import Domain

/// What the suite found.
package struct ConformanceReport: Sendable {
    /// One check of a rule.
    package struct Check: Hashable, Sendable {
        package enum Outcome: Hashable, Sendable {
            case passed
            /// What the driver did, and what it should have done.
            case failed(String)
            /// Why it could not be tried.
            case skipped(String)
        }

        package var rule: DriverRule
        package var name: String
        package var outcome: Outcome
        package var took: TimeSpan
    }

    package var subject: String
    package var checks: [Check]
    /// Why nothing more was tried; nil where all of it was.
    package var ending: String?

    package var failures: [Check] { checks.filter { if case .failed = $0.outcome { true } else { false } } }
    package var passes: Bool { failures.isEmpty }

    /// For a terminal, a line for each check and the reasons of those that failed.
    package var text: String {
        var lines: [String] = []
        for check in checks {
            switch check.outcome {
            case .passed: lines.append("ok    \(check.rule.rawValue): \(check.name)")
            case .skipped(let why): lines.append("skip  \(check.rule.rawValue): \(check.name) (\(why))")
            case .failed(let why):
                lines.append("FAIL  \(check.rule.rawValue): \(check.name)")
                lines.append("      \(why)")
                // What ends it all is no rule that is broken, but a world that is not there.
                if ending == nil || checks.count > 1 { lines.append("      The rule: \(check.rule.meaning).") }
            }
        }
        let skipped = checks.filter { if case .skipped = $0.outcome { true } else { false } }.count
        let passed = checks.count - failures.count - skipped
        if let ending { lines.append("\(ending)") }
        lines.append("")
        lines.append(
            "driver \(subject): \(passed) passed, \(failures.count) failed\(skipped > 0 ? ", \(skipped) skipped" : "")"
        )
        return lines.joined(separator: "\n")
    }

    /// As build servers read it.
    package var junit: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        let skipped = checks.filter { if case .skipped = $0.outcome { true } else { false } }.count
        lines.append(
            "<testsuite name=\"\(Self.escaped("driver \(subject)"))\" tests=\"\(checks.count)\" failures=\"\(failures.count)\" "
                + "skipped=\"\(skipped)\" time=\"\(NumberText.plain(Double(checks.reduce(0) { $0 + $1.took.milliseconds }) / 1000))\">"
        )
        for check in checks {
            let head =
                "  <testcase classname=\"\(Self.escaped("\(subject).\(check.rule.rawValue)"))\" name=\"\(Self.escaped(check.name))\" "
                + "time=\"\(NumberText.plain(check.took.seconds))\""
            switch check.outcome {
            case .passed: lines.append(head + "/>")
            case .skipped(let why): lines.append(head + "><skipped message=\"\(Self.escaped(why))\"/></testcase>")
            case .failed(let why): lines.append(head + "><failure message=\"\(Self.escaped(why))\"/></testcase>")
            }
        }
        lines.append("</testsuite>")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 0x20: escaped += " "
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
