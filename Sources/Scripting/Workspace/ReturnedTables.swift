import Domain
import ScriptProtocol

/// What the scripts returned, taken as the kind of definition that their folder holds; anything else is reported.
struct ReturnedTables {
    let definitions: Definitions
    let findings: Findings

    /// What a script answered; nil where it failed, which is reported, or was not run.
    func answer(of file: String) -> ScriptValue? {
        switch definitions[file] {
        case nil: return nil
        case .success(let result)?: return result.value
        case .failure(let failure)?:
            report(failure, in: file)
            return nil
        }
    }

    /// The table that a constructor made: `return persona { … }`.
    func table(of file: DefinitionFile, made constructor: String) -> ScriptValue? {
        guard let value = answer(of: file.name) else { return nil }
        let kind = value["@kind"]
        guard kind == .string(constructor) else {
            let found =
                if case .string(let other)? = kind { "this defines a \(other)" } else {
                    "the script returns \(value.inWords)"
                }
            findings.error(file, at: file.map.line(of: .root), "\(found); expected return \(constructor) { … }")
            return nil
        }
        reportDuplicates(in: file)
        return value
    }

    /// The plain table of a policy.
    func policy(of file: DefinitionFile) -> ScriptValue? {
        guard let value = answer(of: file.name) else { return nil }
        let expected = "expected a plain table with name and propose"
        if case .string(let kind)? = value["@kind"] {
            findings.error(file, at: file.map.line(of: .root), "this defines a \(kind), no policy; \(expected)")
            return nil
        }
        guard case .table = value else {
            findings.error(file, at: file.map.line(of: .root), "the script returns \(value.inWords); \(expected)")
            return nil
        }
        reportDuplicates(in: file)
        return value
    }

    /// A module returns a table too: what it offers to those that require it.
    func check(module source: ScriptSource) {
        guard let value = answer(of: source.name) else { return }
        switch value {
        case .list, .numbers: return
        case .table where value["@kind"] == nil: return
        default: break
        }
        findings.error(
            file: source.name,
            line: LuaSourceMap(source.bytes).line(of: .root),
            "the module returns \(value.inWords); expected a table of what it offers to those that require it"
        )
    }

    /// Lua takes the last of two without a word.
    private func reportDuplicates(in file: DefinitionFile) {
        for twin in file.map.duplicates {
            findings.error(
                file,
                at: twin.line,
                "\(twin.path) is given twice, first in line \(twin.firstLine); remove one"
            )
        }
    }

    private func report(_ failure: ScriptFailure, in file: String) {
        // A module's mistake is met by everyone who requires it, and is one mistake: `Findings` drops what it has already.
        findings.error(file: failure.file ?? file, line: failure.line, failure.sentence)
    }
}
