import ScriptProtocol

/// The modules of `policies/lib`, and which of them a script can reach.
struct Modules: Sendable {
    /// By the name that `require` takes: `lib.hours`.
    let all: [String: ScriptSource]
    /// What each one requires itself.
    private let requires: [String: [LuaReads.Module]]

    init(_ sources: [ScriptSource]) {
        var all: [String: ScriptSource] = [:]
        for source in sources { all[Self.name(of: source.name)] = source }
        self.all = all
        requires = all.mapValues { LuaReads.modules(in: $0.bytes) }
    }

    /// `policies/lib/a/b.lua` → `lib.a.b`.
    static func name(of file: String) -> String {
        var path = file.hasPrefix("policies/") ? String(file.dropFirst("policies/".count)) : file
        if path.hasSuffix(".lua") { path.removeLast(4) }
        return path.split(separator: "/").joined(separator: ".")
    }

    /// The modules that a script requires, and those that they require; all of them where it computes a name.
    func needed(by script: ScriptSource) -> [String: ScriptSource] {
        var waiting = LuaReads.modules(in: script.bytes)
        var needed: [String: ScriptSource] = [:]
        while let next = waiting.popLast() {
            guard let name = next.name else { return all }
            guard needed[name] == nil, let source = all[name] else { continue }
            needed[name] = source
            waiting += requires[name] ?? []
        }
        return needed
    }

    // MARK: Checking

    /// Reports modules that there are not, and modules that require each other in a circle.
    ///
    /// - Returns: the scripts that therefore cannot run, by file name.
    func check(_ scripts: [ScriptSource], findings: Findings) -> Set<String> {
        var unsound: Set<String> = []
        for script in scripts {
            for required in LuaReads.modules(in: script.bytes) {
                guard let name = required.name, all[name] == nil else { continue }
                // Most often only the folder was left out.
                let word = all["lib." + name] == nil ? name : "lib." + name
                findings.error(
                    file: script.name,
                    line: required.line,
                    "there is no module \"\(name)\"; expected a file below policies/lib, \"lib.x\" for policies/lib/x.lua",
                    nearest: word,
                    of: all.keys.sorted()
                )
                unsound.insert(script.name)
            }
        }
        for name in all.keys.sorted() {
            guard let circle = circle(from: name), let source = all[name] else { continue }
            unsound.insert(source.name)
            guard name == circle.min() else { continue }
            let next = circle.count > 1 ? circle[1] : name
            findings.error(
                file: source.name,
                line: requires[name]?.first { $0.name == next }?.line,
                "modules require each other in a circle: \((circle + [name]).joined(separator: " → "))"
            )
        }
        for script in scripts where needed(by: script).values.contains(where: { unsound.contains($0.name) }) {
            unsound.insert(script.name)
        }
        return unsound
    }

    /// A way from a module back to itself, the shortest, without its end.
    private func circle(from start: String) -> [String]? {
        var ways = [[start]]
        var seen: Set<String> = []
        while !ways.isEmpty {
            let way = ways.removeFirst()
            for next in (requires[way[way.count - 1]] ?? []).compactMap(\.name) where all[next] != nil {
                if next == start { return way }
                if seen.insert(next).inserted { ways.append(way + [next]) }
            }
        }
        return nil
    }
}
