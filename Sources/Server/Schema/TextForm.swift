import Domain

/// What a text must look like.
enum TextForm: Sendable, Equatable {
    case any
    /// So many characters (Unicode scalars) at most.
    case upTo(Int)
    /// A name or id: 1 to 256 characters, none of them a control character.
    case name
    /// A text for people, of so many characters at most.
    case prose(Int)
    case instant
    /// An instant, or `latest`.
    case moment
    case duration
    case choice([String])
    /// `zone=a,tier=web`
    case selector
    /// A path below the workspace's folder.
    case path
    /// Lower-case letters, digits, `-`, `_` and `.`; 1 to 64.
    case word
    case digits

    /// What is expected, for errors.
    var expectation: String {
        switch self {
        case .any: "a text"
        case .upTo(let count): "a text of at most \(count) characters"
        case .name: "1 to 256 characters, none of them a control character"
        case .prose(let count): "1 to \(count) characters, none of them a control character"
        case .instant: "a time such as \"2026-11-24T08:00:00Z\""
        case .moment: "\"latest\", or a time such as \"2026-11-24T08:00:00Z\""
        case .duration: "a duration such as \"90s\", \"5m\", \"2h\" or \"14d\""
        case .choice(let choices): "one of " + choices.map { "\"\($0)\"" }.joined(separator: ", ")
        case .selector: "labels such as \"zone=a\" or \"zone=a,tier=web\""
        case .path: "a path below the workspace's folder such as \"policies/scaling/latency-guard.lua\""
        case .word: "1 to 64 lower-case letters, digits, \"-\", \"_\" or \".\""
        case .digits: "1 to 18 digits"
        }
    }

    /// As JSON Schema says it; `accepts` decides the same.
    var pattern: String? {
        switch self {
        case .any, .upTo, .moment, .choice: nil
        case .instant: Self.instantPattern
        case .name: "^[^\\u0000-\\u001f\\u007f-\\u009f]{1,256}$"
        case .prose(let count): "^[^\\u0000-\\u001f\\u007f-\\u009f]{1,\(count)}$"
        case .duration:
            "^([1-9][0-9]{0,6}(ms|s)|[1-9][0-9]{0,5}m|[1-9][0-9]{0,4}h|[1-9][0-9]{0,3}d|[1-9][0-9]{0,2}w)$"
        case .selector:
            "^[^=,\\u0000-\\u001f\\u007f-\\u009f]{1,256}=[^=,\\u0000-\\u001f\\u007f-\\u009f]{0,1024}"
                + "(,[^=,\\u0000-\\u001f\\u007f-\\u009f]{1,256}=[^=,\\u0000-\\u001f\\u007f-\\u009f]{0,1024}){0,15}$"
        case .path: "^(policies|plugins)(/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){1,8}$"
        case .word: "^[a-z0-9_.-]{1,64}$"
        case .digits: "^[0-9]{1,18}$"
        }
    }

    func accepts(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        switch self {
        case .any: return true
        case .upTo(let count): return scalars.count <= count
        case .name: return Self.isPlain(scalars, 1...256)
        case .prose(let count): return Self.isPlain(scalars, 1...count)
        case .instant: return Self.isInstant(text)
        case .moment: return text == "latest" || TextForm.instant.accepts(text)
        case .duration: return Self.isDuration(text)
        case .choice(let choices): return choices.contains(text)
        case .selector: return LabelSelector(text) != nil
        case .path: return Self.isPath(text)
        case .word:
            return (1...64).contains(text.utf8.count)
                && text.utf8.allSatisfy { Self.isLower($0) || Self.isDigit($0) || Self.isOneOf($0, "-_.") }
        case .digits: return (1...18).contains(text.utf8.count) && text.utf8.allSatisfy(Self.isDigit)
        }
    }

    /// Of a length, and without control characters.
    static func isPlain(_ scalars: some BidirectionalCollection<Unicode.Scalar>, _ length: ClosedRange<Int>) -> Bool {
        length.contains(scalars.count)
            && scalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isOneOf(_ byte: UInt8, _ letters: StaticString) -> Bool {
        letters.withUTF8Buffer { $0.contains(byte) }
    }

    /// RFC 3339 with capital letters, and offsets that exist.
    static let instantPattern =
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$"

    /// What `Timestamp` reads, less the shorter forms that people may type elsewhere.
    private static func isInstant(_ text: String) -> Bool {
        guard (try? Timestamp(iso8601: text)) != nil else { return false }
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[10] == UInt8(ascii: "T"), bytes[16] == UInt8(ascii: ":") else { return false }
        let zone = bytes[19...].drop { $0 == UInt8(ascii: ".") || isDigit($0) }
        return zone.count == 1 || zone.count == 6
    }

    private static func isDuration(_ text: String) -> Bool {
        let digits = text.utf8.prefix(while: isDigit)
        guard let first = digits.first, first != UInt8(ascii: "0") else { return false }
        let most: [String: Int] = ["ms": 7, "s": 7, "m": 6, "h": 5, "d": 4, "w": 3]
        return most[String(text.dropFirst(digits.count))].map { digits.count <= $0 } ?? false
    }

    private static func isPath(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard (2...9).contains(parts.count), text.hasPrefix("policies/") || text.hasPrefix("plugins/") else {
            return false
        }
        return parts.dropFirst()
            .allSatisfy { part in
                func isLetter(_ byte: UInt8) -> Bool {
                    isDigit(byte) || isLower(byte | 0x20) && byte != 0x20 || byte == UInt8(ascii: "_")
                }
                guard (1...100).contains(part.count), let first = part.first, isLetter(first) else { return false }
                return part.allSatisfy { isLetter($0) || isOneOf($0, ".-") }
            }
    }
}
