/// One word of Lua source with the line that it starts on.
struct LuaToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case name(String)
        /// The contents of a string literal, escapes resolved as far as keys need them.
        case string(String)
        case number(String)
        case symbol(String)
    }

    var kind: Kind
    var line: Int
    /// Of a long string (`[[…]]`): the line on which its contents begin.
    var contentsLine: Int?

    func isSymbol(_ text: String) -> Bool { kind == .symbol(text) }
    func isName(_ text: String) -> Bool { kind == .name(text) }
}

/// Splits Lua 5.4 source into words.
///
/// It serves to find lines, not to compile: whatever is no Lua becomes some token or none, and never an error. Whether a source
/// is Lua at all is for Lua to say.
struct LuaTokenizer {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// O(bytes).
    static func tokens(of bytes: [UInt8]) -> [LuaToken] {
        var tokenizer = LuaTokenizer(bytes)
        var tokens: [LuaToken] = []
        while let token = tokenizer.next() { tokens.append(token) }
        return tokens
    }

    private mutating func next() -> LuaToken? {
        skipBlanksAndComments()
        guard let byte = peek() else { return nil }
        let start = line
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            return LuaToken(kind: .string(shortString(quote: byte)), line: start)
        case UInt8(ascii: "[") where longBracketLevel() != nil:
            let (text, contentsLine) = longString()
            return LuaToken(kind: .string(text), line: start, contentsLine: contentsLine)
        case _ where Self.isDigit(byte) || (byte == UInt8(ascii: ".") && peek(1).map(Self.isDigit) == true):
            return LuaToken(kind: .number(take { Self.isWord($0) || $0 == UInt8(ascii: ".") }), line: start)
        case _ where Self.isWord(byte):
            return LuaToken(kind: .name(take(Self.isWord)), line: start)
        default:
            return LuaToken(kind: .symbol(symbol()), line: start)
        }
    }

    private func peek(_ ahead: Int = 0) -> UInt8? {
        at + ahead < bytes.count ? bytes[at + ahead] : nil
    }

    private mutating func advance() {
        if bytes[at] == UInt8(ascii: "\n") { line += 1 }
        at += 1
    }

    private mutating func take(_ belongs: (UInt8) -> Bool) -> String {
        let start = at
        while let byte = peek(), belongs(byte) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func skipBlanksAndComments() {
        // A first line that starts with # is skipped by Lua.
        if at == 0, peek() == UInt8(ascii: "#") { skipLine() }
        while let byte = peek() {
            if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                at += 2
                if longBracketLevel() != nil { _ = longString() } else { skipLine() }
            } else if byte <= UInt8(ascii: " ") {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func skipLine() {
        while let byte = peek(), byte != UInt8(ascii: "\n") { at += 1 }
    }

    /// Number of `=` of a long bracket that opens here; nil where none does.
    private func longBracketLevel() -> Int? {
        guard peek() == UInt8(ascii: "[") else { return nil }
        var level = 0
        while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
        return peek(1 + level) == UInt8(ascii: "[") ? level : nil
    }

    private mutating func longString() -> (text: String, contentsLine: Int) {
        let level = longBracketLevel() ?? 0
        at += level + 2
        if peek() == UInt8(ascii: "\n") { advance() }
        let start = at
        let contentsLine = line
        while let byte = peek() {
            if byte == UInt8(ascii: "]") {
                var equals = 0
                while peek(1 + equals) == UInt8(ascii: "=") { equals += 1 }
                if equals == level, peek(1 + equals) == UInt8(ascii: "]") {
                    let text = String(decoding: bytes[start..<at], as: UTF8.self)
                    at += level + 2
                    return (text, contentsLine)
                }
            }
            advance()
        }
        return (String(decoding: bytes[start..<at], as: UTF8.self), contentsLine)
    }

    private mutating func shortString(quote: UInt8) -> String {
        at += 1
        var text: [UInt8] = []
        while let byte = peek(), byte != quote, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\\"), let escaped = peek(1) {
                at += 1
                switch escaped {
                case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
                default: text.append(escaped)
                }
            } else {
                text.append(byte)
            }
            advance()
        }
        if peek() == quote { at += 1 }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func symbol() -> String {
        for length in [3, 2] where at + length <= bytes.count {
            let text = String(decoding: bytes[at..<at + length], as: UTF8.self)
            if Self.longSymbols.contains(text) {
                at += length
                return text
            }
        }
        at += 1
        return String(decoding: bytes[at - 1..<at], as: UTF8.self)
    }

    private static let longSymbols: Set<String> = ["...", "..", "==", "~=", "<=", ">=", "//", "<<", ">>", "::"]

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isWord(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
