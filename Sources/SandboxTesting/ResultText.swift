import ScriptProtocol

extension ScriptValue {
    /// As a person would write it in Lua, on one line.
    var words: String {
        switch self {
        case .null: "nil"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): "\"\(text.map { $0.isNewline ? " " : String($0) }.joined())\""
        case .list(let items): items.isEmpty ? "{}" : "{ \(items.map(\.words).joined(separator: ", ")) }"
        case .table(let fields):
            fields.isEmpty ? "{}" : "{ \(fields.map { "\($0.key) = \($0.value.words)" }.joined(separator: ", ")) }"
        case .numbers(let numbers): "\(numbers.count) numbers"
        case .function(let line): "function of line \(line)"
        }
    }
}
