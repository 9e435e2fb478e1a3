/// What a terminal, a file or a pipe can show.
package struct TerminalStyle: Sendable, Equatable {
    /// Colour by ANSI sequences.
    package var colour: Bool
    /// Braille and box characters; otherwise ASCII alone.
    package var unicode: Bool

    package init(colour: Bool, unicode: Bool) {
        self.colour = colour
        self.unicode = unicode
    }

    /// Letters and digits only: logs, pipes, snapshots.
    package static let plain = TerminalStyle(colour: false, unicode: false)

    /// As the environment asks: no colour where the output is no terminal, where `NO_COLOR` is set (no-color.org) or `TERM` is
    /// `dumb`; Unicode where the locale is UTF-8.
    package init(isTerminal: Bool, environment: [String: String]) {
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        let wide = locale.uppercased()
        let dumb = environment["TERM"] == "dumb"
        let noColour = !(environment["NO_COLOR"] ?? "").isEmpty
        colour = isTerminal && !dumb && !noColour
        unicode = !dumb && (wide.contains("UTF-8") || wide.contains("UTF8"))
    }

    /// A text in a colour, where there is colour.
    package func paint(_ text: String, _ colour: TerminalColour, bold: Bool = false) -> String {
        guard self.colour, !text.isEmpty, colour != .normal || bold else { return text }
        let weight = bold ? "1" : ""
        let code = colour.code.map(String.init) ?? ""
        let both = [weight, code].filter { !$0.isEmpty }.joined(separator: ";")
        return "\u{1B}[\(both)m\(text)\u{1B}[0m"
    }
}

/// The eight colours that every terminal has, so that its own theme holds.
package enum TerminalColour: Sendable, Equatable {
    case normal, red, green, yellow, blue, magenta, cyan, dim

    var code: Int? {
        switch self {
        case .normal: nil
        case .red: 31
        case .green: 32
        case .yellow: 33
        case .blue: 34
        case .magenta: 35
        case .cyan: 36
        case .dim: 2
        }
    }
}
