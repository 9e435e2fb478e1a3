/// What a script reads by a literal name, as far as its source tells.
enum LuaReads {
    /// `ctx.kpi("queue_length", { persona = "background-task" })`.
    struct KPI: Hashable {
        var kpi: String
        var line: Int
        var persona: String?
        var personaLine: Int
    }

    /// `require("lib.hours")`.
    struct Module: Hashable {
        /// Nil where the name is computed.
        var name: String?
        var line: Int
    }

    static func kpis(in bytes: [UInt8]) -> [KPI] {
        let tokens = LuaTokenizer.tokens(of: bytes)
        var reads: [KPI] = []
        for i in tokens.indices.dropLast() where tokens[i].isName("kpi") && i > 0 && tokens[i - 1].isSymbol(".") {
            let literal = tokens[i + 1].isSymbol("(") ? i + 2 : i + 1
            guard let name = string(literal, in: tokens), !isJoined(literal, in: tokens) else { continue }
            var read = KPI(kpi: name, line: tokens[literal].line, personaLine: tokens[literal].line)
            if let option = personaOption(after: literal, in: tokens) {
                read.persona = string(option, in: tokens)
                read.personaLine = tokens[option].line
            }
            reads.append(read)
        }
        return reads
    }

    static func modules(in bytes: [UInt8]) -> [Module] {
        let tokens = LuaTokenizer.tokens(of: bytes)
        return tokens.indices.filter { tokens[$0].isName("require") }
            .map { i in
                let literal = i + 1 < tokens.count && tokens[i + 1].isSymbol("(") ? i + 2 : i + 1
                let name = isJoined(literal, in: tokens) ? nil : string(literal, in: tokens)
                return Module(name: name, line: tokens[i].line)
            }
    }

    /// `os.time`, `io.open`: of what Lua has elsewhere and scripts here do not.
    struct Absent: Hashable {
        /// `os.time`.
        var name: String
        var line: Int
    }

    /// Uses of libraries that are not there, by name. A script that means something of its own by such a name, as a local or a
    /// parameter has, is left alone.
    static func absent(_ libraries: [String], in bytes: [UInt8]) -> [Absent] {
        let tokens = LuaTokenizer.tokens(of: bytes)
        var found: [Absent] = []
        for library in libraries {
            let uses = tokens.indices.filter { i in
                tokens[i].isName(library)
                    && !(i > 0
                        && [".", ":", "::", "goto"].contains { tokens[i - 1].isSymbol($0) || tokens[i - 1].isName($0) })
            }
            var reads: [Absent] = []
            for i in uses {
                guard i + 2 < tokens.count, tokens[i + 1].isSymbol("."), case .name(let field) = tokens[i + 2].kind
                else {
                    reads = []
                    break
                }
                reads.append(Absent(name: "\(library).\(field)", line: tokens[i].line))
            }
            found += reads
        }
        return found
    }

    private static func string(_ i: Int, in tokens: [LuaToken]) -> String? {
        guard i < tokens.count, case .string(let text) = tokens[i].kind else { return nil }
        return text
    }

    /// It is the beginning of a longer text: `"queue_" .. name`.
    private static func isJoined(_ i: Int, in tokens: [LuaToken]) -> Bool {
        i + 1 < tokens.count && tokens[i + 1].isSymbol("..")
    }

    /// Where the text of `, { persona = "…" }` stands.
    private static func personaOption(after i: Int, in tokens: [LuaToken]) -> Int? {
        guard i + 2 < tokens.count, tokens[i + 1].isSymbol(","), tokens[i + 2].isSymbol("{") else { return nil }
        var j = i + 3
        while j + 2 < tokens.count, !tokens[j].isSymbol("}"), !tokens[j].isSymbol("{") {
            if tokens[j].isName("persona"), tokens[j + 1].isSymbol("="), string(j + 2, in: tokens) != nil,
                !isJoined(j + 2, in: tokens)
            {
                return j + 2
            }
            j += 1
        }
        return nil
    }
}
