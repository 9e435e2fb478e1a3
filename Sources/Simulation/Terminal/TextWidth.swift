/// How many columns of a terminal a text takes.
///
/// One for each character, two for East Asian wide ones and emoji, none for combining marks, which belong to their character.
/// Sequences that set colours take none. Enough for names and units; not a full implementation of Unicode's UAX #11.
package enum TextWidth {
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
        var width = 0
        var inSequence = false
        for character in text {
            if inSequence {
                if character.isLetter { inSequence = false }
            } else if character == "\u{1B}" {
                inSequence = true
            } else if let scalar = character.unicodeScalars.first {
                width += columns(scalar)
            }
        }
        return width
    }

    /// Filled up with spaces to `width` columns.
    package static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
        let fill = String(repeating: " ", count: max(0, width - of(text)))
        return right ? fill + text : text + fill
    }

    /// Cut to `width` columns, with `…` (or `~`) where something is cut off.
    ///
    /// For text without colour.
    package static func cut(_ text: String, to width: Int, unicode: Bool = true) -> String {
        guard of(text) > width, width > 0 else { return width > 0 ? text : "" }
        var result = ""
        var used = 0
        for character in text {
            let next = character.unicodeScalars.first.map(columns) ?? 0
            if used + next > width - 1 { break }
            result.append(character)
            used += next
        }
        return result + (unicode ? "…" : "~")
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0xFE00...0xFE0F: 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            2
        default: scalar.properties.generalCategory == .nonspacingMark ? 0 : 1
        }
    }
}
