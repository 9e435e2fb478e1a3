/// Where in a table a value stands: `limits.min`, `personas[2]`, `templates["/etc/app.conf"]`.
struct LuaPath: Hashable, Sendable, CustomStringConvertible {
    enum Step: Hashable, Sendable {
        case key(String)
        /// Position in a list, from 1 as Lua counts.
        case item(Int)
    }

    private(set) var steps: [Step] = []

    static let root = LuaPath()

    var parent: LuaPath? {
        guard !steps.isEmpty else { return nil }
        var path = self
        path.steps.removeLast()
        return path
    }

    func key(_ name: String) -> LuaPath { appending(.key(name)) }
    func item(_ position: Int) -> LuaPath { appending(.item(position)) }

    private func appending(_ step: Step) -> LuaPath {
        var path = self
        path.steps.append(step)
        return path
    }

    /// As one would write it in Lua.
    var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .item(let position): text += "[\(position)]"
            case .key(let name) where Self.isPlain(name): text += text.isEmpty ? name : "." + name
            case .key(let name): text += "[\"\(name)\"]"
            }
        }
        return text
    }

    private static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }
}
