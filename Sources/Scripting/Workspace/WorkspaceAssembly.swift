import Domain
import ScriptProtocol

/// Makes a workspace of what the scripts answered, and reports all that does not fit.
struct WorkspaceAssembly {
    let files: WorkspaceFiles
    let modules: Modules
    let drivers: [DriverInterface]
    let findings: Findings

    /// The workspace; worth nothing if something was reported on the way.
    func assemble(_ definitions: Definitions) -> Workspace {
        let personas = personas(definitions)
        let policies = policies(definitions)
        let fleets = fleets(definitions, personas: personas, policies: policies)
        checkModules(definitions)
        return Workspace(
            personas: personas.whole.sorted { $0.name < $1.name },
            fleets: fleets.sorted { $0.name < $1.name },
            policies: policies.whole.sorted { $0.name < $1.name },
            tests: tests(definitions),
            modules: modules.all
        )
    }

    /// What was defined under a name, be it right or wrong, so that what names it is not reported for its mistakes.
    struct Known<Definition> {
        var whole: [Definition] = []
        var names: [String] = []
    }

    // MARK: Personas

    private func personas(_ definitions: Definitions) -> Known<Persona> {
        var drafts: [PersonaDraft] = []
        var known = Known<Persona>()
        for source in files.personas {
            let file = DefinitionFile(source: source)
            known.names.append(file.stem)
            guard let value = table(definitions, file, constructor: "persona") else { continue }
            if let draft = PersonaDraft(value, file: file, findings: findings) { drafts.append(draft) }
        }
        known.names += drafts.map(\.name)
        let unique = withoutTwins(drafts, what: "persona", name: \.name, file: \.file)
        for draft in unique {
            guard let whole = resolve(draft, among: unique, known: known.names) else { continue }
            if let persona = whole.persona(findings: findings) { known.whole.append(persona) }
        }
        return known
    }

    /// Follows `extends` to its end.
    private func resolve(_ draft: PersonaDraft, among drafts: [PersonaDraft], known: [String]) -> PersonaDraft? {
        var chain = [draft]
        while let last = chain.last, let parent = last.extends {
            if let start = chain.firstIndex(where: { $0.name == parent.name }) {
                // Each persona of a cycle would report it; the first of them by name does.
                let cycle = chain[start...].map(\.name)
                if draft.name == cycle.min() {
                    let path = (cycle + [parent.name]).joined(separator: " → ")
                    findings.error(
                        draft.file,
                        at: draft.extends?.line ?? 1,
                        "personas extend each other in a circle: \(path)"
                    )
                }
                return nil
            }
            guard let next = drafts.first(where: { $0.name == parent.name }) else {
                if chain.count == 1, !known.contains(parent.name) {
                    findings.error(
                        draft.file,
                        at: parent.line,
                        "extends names persona \"\(parent.name)\", which there is not",
                        nearest: parent.name,
                        of: known
                    )
                }
                return nil
            }
            chain.append(next)
        }
        var whole = draft
        for ancestor in chain.dropFirst() { whole = whole.inheriting(from: ancestor) }
        return whole
    }

    // MARK: Policies

    private func policies(_ definitions: Definitions) -> Known<Policy> {
        var known = Known<Policy>()
        var found: [(policy: Policy, file: DefinitionFile)] = []
        for source in files.policies {
            let file = DefinitionFile(source: source)
            known.names.append(file.stem)
            guard let value = table(definitions, file, constructor: nil) else { continue }
            if let policy = Policy(value, file: file, modules: modules.needed(by: source), findings: findings) {
                found.append((policy, file))
            }
        }
        known.names += found.map(\.policy.name)
        known.whole = withoutTwins(found, what: "policy", name: \.policy.name, file: \.file).map(\.policy)
        return known
    }

    // MARK: Fleets

    private func fleets(_ definitions: Definitions, personas: Known<Persona>, policies: Known<Policy>) -> [Fleet] {
        var drafts: [FleetDraft] = []
        for source in files.fleets {
            let file = DefinitionFile(source: source)
            guard let value = table(definitions, file, constructor: "fleet") else { continue }
            if let draft = FleetDraft(value, file: file, drivers: drivers, findings: findings) { drafts.append(draft) }
        }
        let unique = withoutTwins(drafts, what: "fleet", name: \.fleet.name, file: \.file)
        for draft in unique {
            FleetRulesCheck(draft: draft, personas: personas, policies: policies, findings: findings).run()
        }
        return unique.map(\.fleet)
    }

    // MARK: The rest

    private func checkModules(_ definitions: Definitions) {
        for source in files.modules {
            if case .failure(let failure)? = definitions[source.name] { report(failure, in: source.name) }
        }
    }

    private func tests(_ definitions: Definitions) -> [PolicyTestFile] {
        for source in files.tests {
            if case .failure(let failure)? = definitions[source.name] { report(failure, in: source.name) }
        }
        return files.tests.map { PolicyTestFile(script: $0, modules: modules.needed(by: $0)) }
    }

    /// The table that a file returned, made by the constructor of its folder.
    private func table(_ definitions: Definitions, _ file: DefinitionFile, constructor: String?) -> ScriptValue? {
        switch definitions[file.name] {
        case nil: return nil
        case .failure(let failure)?:
            report(failure, in: file.name)
            return nil
        case .success(let result)?:
            let kind = result.value["@kind"]
            if let constructor {
                if kind == .string(constructor) { return result.value }
                let line = file.map.line(of: .root)
                if case .string(let other)? = kind {
                    findings.error(file, at: line, "this defines a \(other); expected return \(constructor) { … }")
                } else {
                    findings.error(
                        file,
                        at: line,
                        "the script returns \(result.value.inWords); expected return \(constructor) { … }"
                    )
                }
                return nil
            }
            if kind != nil {
                findings.error(
                    file,
                    at: file.map.line(of: .root),
                    "this is no policy; expected a plain table with name and propose"
                )
                return nil
            }
            guard case .table = result.value else {
                findings.error(
                    file,
                    at: file.map.line(of: .root),
                    "the script returns \(result.value.inWords); expected a table with name and propose"
                )
                return nil
            }
            return result.value
        }
    }

    private func report(_ failure: ScriptFailure, in file: String) {
        // A module's mistake is met by everyone who requires it, and is one mistake.
        let place = failure.file ?? file
        let message = failure.sentence
        guard
            !findings.diagnostics.contains(where: {
                $0.location.file == place && $0.location.line == failure.line && $0.message == message
            })
        else { return }
        findings.error(file: place, line: failure.line, message)
    }

    /// Reports the second of two that have the same name.
    private func withoutTwins<Item>(
        _ items: [Item],
        what: String,
        name: (Item) -> String,
        file: (Item) -> DefinitionFile
    ) -> [Item] {
        var unique: [Item] = []
        for item in items {
            guard let first = unique.first(where: { name($0) == name(item) }) else {
                unique.append(item)
                continue
            }
            let here = file(item)
            findings.error(
                here,
                at: here.map.line(of: LuaPath.root.key("name")),
                "there is a \(what) \"\(name(item))\" already, in \(file(first).name)"
            )
        }
        return unique
    }
}
