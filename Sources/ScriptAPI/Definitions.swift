import ScriptProtocol

/// The constructors `persona`, `fleet` and `driver`: they mark the table that they are given with what it defines and where.
enum Definitions {
    static let constructors = ["persona", "fleet", "driver"]

    /// What is called with one table, and no other way.
    ///
    /// - Parameter values: the constructor, the type of its argument, how many there are.
    static func check(_ values: [ScriptValue]) throws(APIError) {
        let name = values.first?.string ?? "the constructor"
        let type = values.count > 1 ? values[1].string ?? "nil" : "nil"
        let count = values.count > 2 ? values[2].integer ?? 0 : 0
        guard type == "table", count == 1 else {
            let found =
                count == 0 ? "no argument" : count > 1 ? "\(count) arguments" : type == "nil" ? "nil" : "a \(type)"
            throw .wrong("\(name) is given \(found); expected one table: \(name) { name = \"…\" }")
        }
    }
}
