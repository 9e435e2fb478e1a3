import ScriptProtocol

/// What may be called what.
enum Names {
    /// Personas, fleets, policies: `low-latency`.
    ///
    /// They become file names, URLs and label values.
    static func isDefinition(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 63, isLower(first) || isDigit(first) else { return false }
        return name.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    /// KPIs and foreign metrics, as Prometheus names them.
    static func isKPI(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 200, !isDigit(first) else { return false }
        return name.utf8.allSatisfy {
            isLower($0 | 0x20) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ":")
        }
    }

    private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension TableReader {
    /// The `name` of a definition: there, well formed, and that of its file, so that a name tells where it is defined.
    func definitionName(_ what: String) -> String? {
        guard has("name") else {
            missing("name", "give the \(what) the name of its file, name = \"\(file.stem)\"")
            return nil
        }
        guard let name = string("name") else { return nil }
        guard Names.isDefinition(name) else {
            error(
                "name",
                "name is \"\(name)\"; expected lower-case letters, digits, - and _, at most 63, starting with a letter or digit"
            )
            return nil
        }
        if name != file.stem {
            error(
                "name",
                "\(what) \"\(name)\" is defined in \(file.stem).lua; a file is named after what it defines, rename one of them"
            )
        }
        return name
    }

    func nameError(_ key: String, _ what: String) {
        _ = raw(key)
        error(key, "\"\(key)\" is no name of a \(what); expected letters, digits and _, not starting with a digit")
    }
}
