/// Which line of a Lua file each key and value of the table that it returns stands on.
///
/// Lua itself forgets where a table's fields were written. Without this, a wrong unit in a fleet of forty lines would be reported
/// as "somewhere in this file". It reads the constructor (`return persona { … }`, `return { … }`, or `local policy = { … }` with later
/// `policy.x = …` and `function policy.x`), not computed tables; what it does not find has the line of what encloses it.
struct LuaSourceMap: Sendable {
    struct Place: Hashable, Sendable {
        var keyLine: Int
        var valueLine: Int
        /// Where the contents of a long string begin.
        var contentsLine: Int?
    }

    /// A key that one constructor gives twice: Lua silently keeps the last.
    struct Duplicate: Hashable, Sendable {
        var path: LuaPath
        var line: Int
        var firstLine: Int
    }

    private var places: [LuaPath: Place] = [:]
    private(set) var duplicates: [Duplicate] = []
    /// `constructors` are the functions whose one argument is the table that is returned.
    init(_ bytes: [UInt8], constructors: Set<String> = ["persona", "fleet", "driver"]) {
        let tokens = LuaTokenizer.tokens(of: bytes)
        var reader = Reader(tokens: tokens)
        reader.read(constructors: constructors)
        places = reader.places
        duplicates = reader.duplicates
    }

    /// The line of a key, or of the nearest thing around it; the first line of the table if nothing else is known.
    func line(ofKey path: LuaPath) -> Int { place(of: path).keyLine }

    /// The line that a value starts on, or of the nearest thing around it.
    func line(of path: LuaPath) -> Int { place(of: path).valueLine }

    /// The line of the first character of a text: further down where it is a long string that begins on a new line.
    func contentsLine(of path: LuaPath) -> Int { place(of: path).contentsLine ?? place(of: path).valueLine }

    private func place(of path: LuaPath) -> Place {
        var current: LuaPath? = path
        while let here = current {
            if let place = places[here] { return place }
            current = here.parent
        }
        return Place(keyLine: 1, valueLine: 1)
    }
}

extension LuaSourceMap {
    /// Walks the tokens; keeps no promise about source that Lua would refuse, but always ends.
    private struct Reader {
        let tokens: [LuaToken]
        var places: [LuaPath: Place] = [:]
        var duplicates: [Duplicate] = []

        private static let deepest = 64
        private static let opening: Set<String> = ["function", "do", "if", "repeat"]
        private static let closing: Set<String> = ["end", "until"]

        init(tokens: [LuaToken]) {
            self.tokens = tokens
        }

        private func token(_ i: Int) -> LuaToken? { i >= 0 && i < tokens.count ? tokens[i] : nil }
        private func isSymbol(_ i: Int, _ text: String) -> Bool { token(i)?.isSymbol(text) ?? false }

        private func name(_ i: Int) -> String? {
            if case .name(let text) = token(i)?.kind { return text }
            return nil
        }

        mutating func read(constructors: Set<String>) {
            let returned = lastReturn()
            if let open = constructorTable(constructors, after: returned) {
                places[.root] = Place(keyLine: tokens[open].line, valueLine: tokens[open].line)
                _ = readTable(at: open, path: .root, depth: 0)
                return
            }
            guard let returned else { return }
            places[.root] = Place(keyLine: tokens[returned].line, valueLine: tokens[returned].line)
            if isSymbol(returned + 1, "{") {
                _ = readTable(at: returned + 1, path: .root, depth: 0)
            } else if let variable = name(returned + 1) {
                readVariable(variable)
            }
        }

        /// The `return` of the chunk itself: the last one outside of all blocks.
        private func lastReturn() -> Int? {
            var depth = 0
            var found: Int?
            for i in tokens.indices {
                guard let word = name(i) else { continue }
                if Self.opening.contains(word) { depth += 1 }
                if Self.closing.contains(word) { depth -= 1 }
                if word == "return", depth == 0 { found = i }
            }
            return found
        }

        /// The `{` of the constructor call, preferably of the one that is returned.
        private func constructorTable(_ constructors: Set<String>, after returned: Int?) -> Int? {
            var found: Int?
            for i in tokens.indices where !isSymbol(i - 1, ".") && !isSymbol(i - 1, ":") {
                guard let word = name(i), constructors.contains(word) else { continue }
                let open = isSymbol(i + 1, "(") ? i + 2 : i + 1
                guard isSymbol(open, "{") else { continue }
                if i - 1 == returned { return open }
                found = found ?? open
            }
            return found
        }

        /// `local v = { … }`, `v.key = …`, `function v.key(…)`.
        private mutating func readVariable(_ variable: String) {
            // A table that is assigned later, or to a local of the same name elsewhere, is another one.
            var isRead = false
            for i in tokens.indices where name(i) == variable && !isSymbol(i - 1, ".") {
                if isSymbol(i + 1, "="), isSymbol(i + 2, "{") {
                    if isRead { continue }
                    isRead = true
                    places[.root] = Place(keyLine: tokens[i].line, valueLine: tokens[i + 2].line)
                    _ = readTable(at: i + 2, path: .root, depth: 0)
                } else if isSymbol(i + 1, ".") || isSymbol(i + 1, ":"), let key = name(i + 2) {
                    let isFunction = name(i - 1) == "function"
                    guard isFunction || isSymbol(i + 3, "=") else { continue }
                    let value = isFunction ? tokens[i].line : token(i + 4)?.line ?? tokens[i].line
                    places[LuaPath.root.key(key)] = Place(keyLine: tokens[i].line, valueLine: value)
                    if !isFunction, isSymbol(i + 4, "{") {
                        _ = readTable(at: i + 4, path: LuaPath.root.key(key), depth: 1)
                    }
                }
            }
        }

        /// Reads the table that opens at `open`; answers with the position behind its `}`.
        private mutating func readTable(at open: Int, path: LuaPath, depth: Int) -> Int {
            guard depth < Self.deepest else { return skipValue(open) }
            var i = open + 1
            var position = 0
            while let token = token(i), !token.isSymbol("}") {
                let field: LuaPath
                let keyLine = token.line
                if case .name(let key) = token.kind, isSymbol(i + 1, "=") {
                    field = path.key(key)
                    i += 2
                } else if token.isSymbol("["), let (key, next) = bracketKey(i) {
                    field = path.key(key)
                    i = next
                } else if token.isSymbol("["), let next = skipComputedKey(i) {
                    field = path
                    i = next
                } else {
                    position += 1
                    field = path.item(position)
                }
                if field != path {
                    let value = self.token(i)
                    note(
                        field,
                        Place(keyLine: keyLine, valueLine: value?.line ?? keyLine, contentsLine: value?.contentsLine)
                    )
                }
                i = isSymbol(i, "{") && field != path ? readTable(at: i, path: field, depth: depth + 1) : i
                i = skipValue(i)
                if isSymbol(i, ",") || isSymbol(i, ";") { i += 1 }
            }
            return i + 1
        }

        private mutating func note(_ path: LuaPath, _ place: Place) {
            if let first = places[path] {
                duplicates.append(Duplicate(path: path, line: place.keyLine, firstLine: first.keyLine))
            }
            places[path] = place
        }

        /// `["key"] =` and where the value begins.
        private func bracketKey(_ i: Int) -> (String, Int)? {
            guard case .string(let key) = token(i + 1)?.kind, isSymbol(i + 2, "]"), isSymbol(i + 3, "=") else {
                return nil
            }
            return (key, i + 4)
        }

        /// `[expression] =`: where the value begins.
        private func skipComputedKey(_ i: Int) -> Int? {
            var depth = 0
            var j = i
            while let token = token(j) {
                if token.isSymbol("[") { depth += 1 }
                if token.isSymbol("]") { depth -= 1 }
                j += 1
                if depth == 0 { break }
            }
            return isSymbol(j, "=") ? j + 1 : nil
        }

        /// The position of the `,`, `;` or `}` that ends the expression at `start`.
        private func skipValue(_ start: Int) -> Int {
            var depth = 0
            var i = start
            while let token = token(i) {
                switch token.kind {
                case .symbol("("), .symbol("{"), .symbol("["):
                    depth += 1
                case .symbol(")"), .symbol("]"):
                    depth -= 1
                case .symbol("}"):
                    if depth <= 0 { return i }
                    depth -= 1
                case .symbol(","), .symbol(";"):
                    if depth <= 0 { return i }
                case .name(let word) where Self.opening.contains(word):
                    depth += 1
                case .name(let word) where Self.closing.contains(word):
                    depth -= 1
                default:
                    break
                }
                i += 1
            }
            return i
        }
    }
}
