import Foundation
import ScriptProtocol

/// Takes the secrets that a call has read out of every text that leaves it.
struct Redactor: Sendable {
    /// What stands for each, longest first, so that no part of one is left.
    private var forms: [(text: String, mark: String)] = []
    private var secrets: [(name: String, text: String)] = []

    var isEmpty: Bool { forms.isEmpty }

    /// Remembers a secret in the forms in which it travels: as it is, line by line, in base64, percent-encoded.
    mutating func add(_ secret: String, named name: String) {
        let mark = "[secret \(name)]"
        secrets.append((name, secret))
        let trimmed = secret.trimmingCharacters(in: .whitespacesAndNewlines)
        var texts = [
            secret, trimmed, Data(secret.utf8).base64EncodedString(), Data(trimmed.utf8).base64EncodedString(),
        ]
        if let encoded = trimmed.addingPercentEncoding(withAllowedCharacters: .alphanumerics) { texts.append(encoded) }
        texts += [secret, trimmed].map(PercentCode.encode)
        texts += secret.split(separator: "\n").map(String.init).filter { $0.count >= 8 }
        for text in texts where !text.isEmpty && !forms.contains(where: { $0.text == text }) {
            forms.append((text, mark))
        }
        forms.sort { $0.text.utf8.count > $1.text.utf8.count }
    }

    /// The name of the secret that a text holds, and a character with it.
    func secret(within text: String, holding character: Unicode.Scalar) -> String? {
        secrets.first { $0.text.unicodeScalars.contains(character) && text.contains($0.text) }?.name
    }

    func clean(_ text: String) -> String {
        var text = text
        for form in forms where text.contains(form.text) { text = text.replacing(form.text, with: form.mark) }
        // A worker cuts long texts off: what is left of a secret at the end goes too.
        for form in forms {
            let longest = min(form.text.count - 1, text.count)
            guard longest >= Self.leastPart else { continue }
            for count in stride(from: longest, through: Self.leastPart, by: -1)
            where text.hasSuffix(form.text.prefix(count)) {
                return text.dropLast(count) + form.mark
            }
        }
        return text
    }

    private static let leastPart = 6

    func clean(_ value: ScriptValue) -> ScriptValue {
        guard !isEmpty else { return value }
        switch value {
        case .string(let text): return .string(clean(text))
        case .list(let items): return .list(items.map(clean))
        case .table(let fields): return .table(fields.map { ScriptValue.Field($0.key, clean($0.value)) })
        default: return value
        }
    }
}
