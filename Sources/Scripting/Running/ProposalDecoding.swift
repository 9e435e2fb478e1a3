import Decision
import Domain
import ScriptProtocol

/// Something that a script returned is not what it may return.
///
/// `description` is a full sentence.
struct RubbishReturned: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Reads what `propose` returned.
///
/// The worker's API has checked it where it was made, but a worker is not believed: everything is
/// checked again, and bounded.
enum ProposalDecoding {
    /// More than a policy has to say at once.
    static let mostProposals = 64
    static let longestReason = 300
    private static let mostResources: Int64 = 100_000

    /// None, one, or a list.
    static func proposals(_ value: ScriptValue, policy: String, personas: [String]) throws(RubbishReturned)
        -> [Proposal]
    {
        let items: [ScriptValue]
        switch value {
        case .null, .list([]), .table([]): return []
        case .list(let list): items = list
        case .table where value["ask"] != nil: items = [value]
        default:
            throw RubbishReturned(
                "propose returned \(value.inWords); expected nothing, a proposal, or a list of proposals"
            )
        }
        guard items.count <= mostProposals else {
            throw RubbishReturned("propose returned \(items.count) proposals; expected at most \(mostProposals)")
        }
        var proposals: [Proposal] = []
        for (position, item) in items.enumerated() {
            guard let ask = try ask(item, personas: personas), case .string(let reason)? = item["reason"] else {
                throw RubbishReturned(
                    "propose returned \(item.inWords)\(items.count > 1 ? " at position \(position + 1)" : ""); "
                        + "expected what scale_to, scale_by, at_least, at_most, hold or assign answer"
                )
            }
            proposals.append(Proposal(policy: policy, ask: ask, reason: clean(reason, longest: longestReason)))
        }
        return proposals
    }

    private static func ask(_ item: ScriptValue, personas: [String]) throws(RubbishReturned) -> Proposal.Ask? {
        guard case .string(let name)? = item["ask"] else { return nil }
        switch name {
        case "scale_to":
            if let count = count(item["count"]) { return .scaleTo(count) }
            guard let mix = item["mix"] else { return nil }
            return .scaleToMix(try self.mix(mix, personas: personas))
        case "scale_by":
            if let fraction = item["fraction"]?.asNumber, (-1...100).contains(fraction) {
                return .scaleBy(.fraction(fraction))
            }
            guard case .integer(let count)? = item["count"], (-mostResources...mostResources).contains(count) else {
                return nil
            }
            return .scaleBy(.count(Int(count)))
        case "at_least": return count(item["count"]).map { .atLeast($0) }
        case "at_most": return count(item["count"]).map { .atMost($0) }
        case "hold":
            guard case .string(let direction)? = item["direction"] else { return nil }
            return Proposal.HoldDirection(rawValue: direction).map { .hold($0) }
        case "assign":
            guard case .string(let resource)? = item["resource"], case .string(let persona)? = item["persona"] else {
                return nil
            }
            guard personas.contains(persona) else {
                throw RubbishReturned(
                    "assign names persona \"\(clean(persona, longest: 63))\", which this fleet does not have"
                )
            }
            var duration: TimeSpan?
            if case .integer(let milliseconds)? = item["duration_ms"] {
                guard (1...TimeSpan.days(3650).milliseconds).contains(milliseconds) else { return nil }
                duration = TimeSpan(milliseconds: milliseconds)
            }
            return .assign(resource: clean(resource, longest: 200), persona: persona, duration: duration)
        default: return nil
        }
    }

    /// A table of persona and count, or one persona's name with a count from elsewhere.
    static func mix(_ value: ScriptValue, personas: [String]) throws(RubbishReturned) -> [PersonaCount] {
        guard case .table(let fields) = value, !fields.isEmpty else {
            throw RubbishReturned("a mix is \(value.inWords); expected a table such as { [\"low-latency\"] = 4 }")
        }
        var mix: [PersonaCount] = []
        for field in fields {
            guard personas.contains(field.key) else {
                throw RubbishReturned(
                    "a mix names persona \"\(clean(field.key, longest: 63))\", which this fleet does not have"
                )
            }
            guard let count = count(field.value) else {
                throw RubbishReturned(
                    "a mix asks for \(field.value.inWords) of \(field.key); expected a whole number, 0 or above"
                )
            }
            mix.append(PersonaCount(persona: field.key, count: count))
        }
        return mix.sorted { $0.persona < $1.persona }
    }

    /// A whole number of resources, 0 or above.
    static func count(_ value: ScriptValue?) -> Int? {
        guard let number = value?.asInteger, (0...Int(mostResources)).contains(number) else { return nil }
        return number
    }

    /// A script's text on one line without control characters, so that it can go into logs and terminals.
    static func clean(_ text: String, longest: Int) -> String {
        // Nearly every text is plain and short: it is what it is.
        if text.utf8.count <= longest, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
        var result = ""
        for (place, scalar) in text.unicodeScalars.enumerated() {
            if place == longest { return result + "…" }
            result.unicodeScalars.append(isHarmless(scalar) ? scalar : " ")
        }
        return result
    }

    /// Neither a control character, nor one that breaks a line or turns the direction of what follows.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7f...0x9f, 0x2028...0x202e, 0x2066...0x2069: false
        default: true
        }
    }
}
