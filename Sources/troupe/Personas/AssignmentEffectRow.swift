import Simulation

/// What an assignment or release does, or would do, to one resource, as the API says it.
struct AssignmentEffectRow: Decodable {
    let resource: String
    let fleet: String
    let personaBefore: String
    let personaAfter: String
    let until: Moment?
    let diffs: [Diff]

    struct Diff: Decodable {
        let path: String
        let diff: String
    }

    struct List: Decodable { let effects: [AssignmentEffectRow] }

    /// A line for each resource, with `withDiffs` each file that differs below it, and what it all comes to.
    static func lines(_ effects: [AssignmentEffectRow], isDryRun: Bool, withDiffs: Bool, _ style: TerminalStyle)
        -> [String]
    {
        let arrow = style.unicode ? "→" : "->"
        let verb = isDryRun ? "would change" : "changed"
        var lines: [String] = []
        for effect in effects {
            let change =
                effect.personaBefore == effect.personaAfter
                ? "stays \(effect.personaAfter)" : "\(effect.personaBefore) \(arrow) \(effect.personaAfter)"
            let end = effect.until.map { ", until \($0.local) (\($0.relative()))" } ?? ""
            let files =
                effect.diffs.isEmpty
                ? "" : "; \(effect.diffs.count) \(effect.diffs.count == 1 ? "file differs" : "files differ")"
            lines.append("\(effect.fleet)/\(effect.resource)  \(change)\(end)\(files)")
            guard withDiffs else { continue }
            for diff in effect.diffs {
                if !diff.diff.hasPrefix("--- ") { lines.append(style.paint("    \(diff.path)", .cyan)) }
                lines += diff.diff.split(separator: "\n").map { "    " + paint($0, style) }
            }
        }
        let count = effects.count { $0.personaBefore != $0.personaAfter }
        lines.append(
            style.paint("\(count) of \(effects.count) \(effects.count == 1 ? "resource" : "resources") \(verb)", .dim)
                + (isDryRun ? "; nothing was done (--dry-run)" : "")
        )
        return lines
    }

    private static func paint(_ line: Substring, _ style: TerminalStyle) -> String {
        if line.hasPrefix("--- ") || line.hasPrefix("+++ ") { return style.paint(String(line), .cyan) }
        return switch line.first {
        case "+": style.paint(String(line), .green)
        case "-": style.paint(String(line), .red)
        case "@": style.paint(String(line), .dim)
        default: String(line)
        }
    }
}
