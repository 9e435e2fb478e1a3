package import Decision
import Domain
import ScriptProtocol

extension Proposal {
    /// The table that a merge hook gets: `policy`, `ask`, `count`, `fraction`, `mix`, `direction`, `resource`, `persona`, `text`, `reason`.
    var described: ScriptValue {
        var fields: [ScriptValue.Field] = [
            .init("policy", .string(policy)), .init("reason", .string(reason)), .init("text", .string(text)),
        ]
        switch ask {
        case .scaleTo(let count): fields += [.init("ask", .string("scale_to")), .init("count", .integer(Int64(count)))]
        case .scaleToMix(let mix):
            let counts = ScriptValue.sorted(mix.map { .init($0.persona, .integer(Int64($0.count))) })
            fields += [.init("ask", .string("scale_to")), .init("mix", counts)]
        case .scaleBy(.count(let count)):
            fields += [.init("ask", .string("scale_by")), .init("count", .integer(Int64(count)))]
        case .scaleBy(.fraction(let share)):
            fields += [.init("ask", .string("scale_by")), .init("fraction", .number(share))]
        case .atLeast(let count): fields += [.init("ask", .string("at_least")), .init("count", .integer(Int64(count)))]
        case .atMost(let count): fields += [.init("ask", .string("at_most")), .init("count", .integer(Int64(count)))]
        case .hold(let direction):
            fields += [.init("ask", .string("hold")), .init("direction", .string(direction.rawValue))]
        case .assign(let resource, let persona, _):
            fields += [
                .init("ask", .string("assign")), .init("persona", .string(persona)),
                .init("resource", .string(resource)),
            ]
        }
        return .sorted(fields)
    }

    /// As a script would have written it, without the reason: `at_least(4)`.
    package var text: String {
        switch ask {
        case .scaleTo(let count): "scale_to(\(count))"
        case .scaleToMix(let mix):
            "scale_to({ \(mix.map { "[\"\($0.persona)\"] = \($0.count)" }.joined(separator: ", ")) })"
        case .scaleBy(.count(let count)): "scale_by(\(count))"
        case .scaleBy(.fraction(let share)): "scale_by(\"\(ScriptValue.number((share * 1e6).rounded() / 1e4).shown)%\")"
        case .atLeast(let count): "at_least(\(count))"
        case .atMost(let count): "at_most(\(count))"
        case .hold(.both): "hold()"
        case .hold(let direction): "hold(\"\(direction.rawValue)\")"
        case .assign(let resource, let persona, let duration):
            "assign(\"\(resource)\", \"\(persona)\"\(duration.map { ", \"\($0)\"" } ?? ""))"
        }
    }
}

extension PolicyOutcome {
    /// What it proposed; none where it was blind or failed.
    package var proposals: [Proposal] {
        if case .proposed(let proposals) = ending { return proposals }
        return []
    }
}

extension ScriptValue {
    /// For transcripts: `412.5`, `ok`, `nil`.
    var shown: String {
        switch self {
        case .string(let text): text
        case .number(let value): Int64(exactly: value).map { String($0) } ?? String(value)
        default: inWords
        }
    }

    /// What it takes, in bytes: texts as they are, eight for any other value.
    var weight: Int {
        switch self {
        case .string(let text): text.utf8.count + 8
        case .list(let items): items.reduce(8) { $0 + $1.weight }
        case .table(let fields): fields.reduce(8) { $0 + $1.key.utf8.count + $1.value.weight }
        case .numbers(let numbers): 8 + numbers.count * 8
        default: 8
        }
    }
}
