import ScriptProtocol

/// One `test` or `property` of a file.
package struct PolicyTestCase: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case test
        /// Run with many seeds.
        case property
    }

    package var file: String
    package var name: String
    package var kind: Kind
    package var line: Int

    package init(file: String, name: String, kind: Kind, line: Int) {
        self.file = file
        self.name = name
        self.kind = kind
        self.line = line
    }
}

/// How one case ended.
package struct PolicyTestOutcome: Hashable, Sendable {
    package enum Ending: Hashable, Sendable {
        case passed
        /// `file:line: what failed`; of a property with the seed that found it.
        case failed(String)
    }

    package var testCase: PolicyTestCase
    package var ending: Ending
    /// What the test printed.
    package var log: [String]
    /// Seeds that were tried: 1 of a test.
    package var runs: Int

    package init(testCase: PolicyTestCase, ending: Ending, log: [String], runs: Int) {
        self.testCase = testCase
        self.ending = ending
        self.log = log
        self.runs = runs
    }
}

extension PolicyTestCase {
    /// What a worker lists of a test file, in the file's order.
    static func list(_ value: ScriptValue, of script: ScriptSource) -> [PolicyTestCase] {
        guard case .list(let items) = value else { return [] }
        let lines = lines(of: script)
        return items.compactMap { item in
            guard case .string(let name)? = item["name"], case .string(let kind)? = item["kind"],
                let kind = Kind(rawValue: kind)
            else { return nil }
            let line = item["line"]?.asInteger ?? lines[name] ?? 1
            return PolicyTestCase(file: script.name, name: name, kind: kind, line: line)
        }
    }

    /// Where each case is written.
    private static func lines(of script: ScriptSource) -> [String: Int] {
        let tokens = LuaTokenizer.tokens(of: script.bytes)
        var lines: [String: Int] = [:]
        for i in tokens.indices.dropLast(2) where tokens[i].isName("test") || tokens[i].isName("property") {
            if tokens[i + 1].isSymbol("("), case .string(let name) = tokens[i + 2].kind { lines[name] = tokens[i].line }
        }
        return lines
    }
}
