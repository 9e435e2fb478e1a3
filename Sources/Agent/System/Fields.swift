/// Files of the kernel as words and numbers.
enum Fields {
    static func words(_ line: Substring) -> [Substring] {
        line.split(whereSeparator: { $0 == " " || $0 == "\t" })
    }

    static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n")
    }

    /// The number that a file of the kernel consists of.
    static func number(_ path: String) -> Double? {
        SmallFile.text(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }

    /// The number behind `key` in a file of lines `key value` or `key: value kB`.
    static func value(of key: String, in text: String) -> Double? {
        for line in lines(text) where line.hasPrefix(key) {
            let words = words(line)
            if words.count >= 2, words[0] == key || words[0] == key + ":" { return Double(words[1]) }
        }
        return nil
    }
}
