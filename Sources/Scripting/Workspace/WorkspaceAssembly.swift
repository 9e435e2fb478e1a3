import Domain
import ScriptProtocol

/// Makes a workspace of what the scripts answered, and reports all that does not fit.
struct WorkspaceAssembly {
    let files: WorkspaceFiles
    let modules: Modules
    /// Those that are built in.
    let drivers: [DriverInterface]
    let returned: ReturnedTables
    let findings: Findings

    init(
        files: WorkspaceFiles,
        modules: Modules,
        drivers: [DriverInterface],
        definitions: Definitions,
        findings: Findings
    ) {
        self.files = files
        self.modules = modules
        self.drivers = drivers
        self.findings = findings
        returned = ReturnedTables(definitions: definitions, findings: findings)
    }

    /// The workspace; worth nothing if something was reported on the way.
    func assemble() -> Workspace {
        var kpis = KnownKPIs()
        let personas = personas(&kpis)
        let policies = policies()
        let plugins = plugins()
        let fleets = fleets(personas: personas, policies: policies, plugins: plugins, &kpis)
        for source in files.modules { returned.check(module: source) }
        let tests = tests()
        let reads = ScriptReadsCheck(kpis: kpis, personas: personas.names, findings: findings)
        for source in files.policies + files.modules { reads.run(source) }
        return Workspace(
            personas: personas.whole.sorted { $0.name < $1.name },
            fleets: fleets.sorted { $0.name < $1.name },
            policies: policies.whole.sorted { $0.name < $1.name },
            tests: tests,
            modules: modules.all,
            plugins: plugins.whole.sorted { $0.name < $1.name }
        )
    }

    /// What was defined under a name, be it right or wrong, so that what names it is not reported for its mistakes.
    struct Known<Definition> {
        var whole: [Definition] = []
        var names: [String] = []
    }

    // MARK: Personas

    private func personas(_ kpis: inout KnownKPIs) -> Known<Persona> {
        var drafts: [PersonaDraft] = []
        var known = Known<Persona>()
        for source in files.personas {
            let file = DefinitionFile(source: source)
            known.names.append(file.stem)
            guard let value = returned.table(of: file, made: "persona") else {
                kpis.isWhole = false
                continue
            }
            drafts.append(PersonaDraft(value, file: file, findings: findings))
        }
        known.names += drafts.map(\.name)
        for draft in drafts { kpis.add(draft) }
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

    private func policies() -> Known<Policy> {
        var known = Known<Policy>()
        var found: [(policy: Policy, file: DefinitionFile)] = []
        for source in files.policies {
            let file = DefinitionFile(source: source)
            known.names.append(file.stem)
            guard let value = returned.policy(of: file) else { continue }
            if let policy = Policy(value, file: file, modules: modules.needed(by: source), findings: findings) {
                found.append((policy, file))
            }
        }
        known.names += found.map(\.policy.name)
        known.whole = withoutTwins(found, what: "policy", name: \.policy.name, file: \.file).map(\.policy)
        return known
    }

    // MARK: Plugins

    func plugins() -> Known<Plugin> {
        var known = Known<Plugin>()
        for (folder, source) in files.plugins {
            let file = DefinitionFile(source: source)
            known.names.append(folder)
            if drivers.contains(where: { $0.name == folder }) {
                findings.error(
                    file,
                    at: 1,
                    "driver \"\(folder)\" is built in; give the folder and the driver another name"
                )
                continue
            }
            for module in LuaReads.modules(in: source.bytes) {
                findings.error(
                    file,
                    at: module.line,
                    "a driver requires nothing: it is shipped as one file; put the code into it"
                )
            }
            for use in LuaReads.absent(["os", "io", "package", "debug"], in: source.bytes) {
                findings.error(
                    file,
                    at: use.line,
                    "\(use.name) is not there for drivers; \(Plugin.instead(of: use.name))"
                )
            }
            guard let value = returned.table(of: file, made: "driver") else { continue }
            if let plugin = Plugin(value, folder: folder, file: file, findings: findings) { known.whole.append(plugin) }
        }
        return known
    }

    // MARK: Fleets

    private func fleets(
        personas: Known<Persona>,
        policies: Known<Policy>,
        plugins: Known<Plugin>,
        _ kpis: inout KnownKPIs
    ) -> [Fleet] {
        let drivers = drivers + plugins.whole.map(\.interface)
        // A fleet is not reported for the faults of its driver.
        let broken = Set(plugins.names).subtracting(plugins.whole.map(\.name))
        var drafts: [FleetDraft] = []
        for source in files.fleets {
            let file = DefinitionFile(source: source)
            guard let value = returned.table(of: file, made: "fleet") else {
                kpis.isWhole = false
                continue
            }
            let draft = FleetDraft(value, file: file, drivers: drivers, broken: broken, findings: findings)
            kpis.add(draft)
            drafts.append(draft)
        }
        let unique = withoutTwins(drafts, what: "fleet", name: \.fleet.name, file: \.file)
        for draft in unique {
            FleetRulesCheck(draft: draft, personas: personas, policies: policies, findings: findings).run()
        }
        return unique.map(\.fleet)
    }

    // MARK: Tests

    private func tests() -> [PolicyTestFile] {
        for source in files.tests {
            guard let value = returned.answer(of: source.name) else { continue }
            guard PolicyTestCase.list(value, of: source).isEmpty else { continue }
            findings.error(
                file: source.name,
                line: nil,
                "the file holds no test; expected test(\"…\", function(t) … end) or property(…)"
            )
        }
        return files.tests.map { PolicyTestFile(script: $0, modules: modules.needed(by: $0)) }
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
